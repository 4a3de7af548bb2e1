package org.resnet4j.server.http;

import java.time.Duration;

/**
 * The settings of the HTTP side.
 *
 * @param host the address to listen on
 * @param port the port; 0 for any free one
 * @param version the version of the server, for its metadata
 * @param maxBody the largest number of bytes of a body
 * @param maxConnections the largest number of connections
 * @param bodyTimeout the longest time that a body may take to arrive
 * @param idleTimeout the longest silence of a connection
 */
public record HttpSettings(
        String host,
        int port,
        String version,
        long maxBody,
        int maxConnections,
        Duration bodyTimeout,
        Duration idleTimeout) {}
