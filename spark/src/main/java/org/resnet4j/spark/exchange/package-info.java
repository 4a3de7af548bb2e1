/**
 * The sum of the gradients of several processes over TCP connections.
 *
 * <p>{@link org.resnet4j.spark.exchange.SocketExchange#listen} opens a rank's listening socket,
 * {@link org.resnet4j.spark.exchange.ListeningSocket#connect} connects it with the others, and each
 * {@link org.resnet4j.spark.exchange.SocketExchange#sum sum} moves frames in the order that
 * {@link org.resnet4j.spark.exchange.Schedule} lays down. The package knows nothing of Spark.
 */
@NullMarked
package org.resnet4j.spark.exchange;

import org.jspecify.annotations.NullMarked;
