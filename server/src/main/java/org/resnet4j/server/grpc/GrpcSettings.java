package org.resnet4j.server.grpc;

import java.time.Duration;

/**
 * The settings of the gRPC side.
 *
 * @param host the address to listen on
 * @param port the port; 0 for any free one
 * @param version the version of the server, for its metadata
 * @param maxMessage the largest number of bytes of a message
 * @param maxConnections the largest number of connections
 * @param messageTimeout the longest time that a message may take to arrive
 * @param idleTimeout the time after which a connection without calls is closed
 */
public record GrpcSettings(
        String host,
        int port,
        String version,
        int maxMessage,
        int maxConnections,
        Duration messageTimeout,
        Duration idleTimeout) {}
