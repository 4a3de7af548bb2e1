package org.resnet4j.spark.exchange;

/**
 * The costs of the sums of an exchange so far.
 *
 * @param sums the number of sums
 * @param bytesSent the number of bytes sent
 * @param bytesReceived the number of bytes received
 * @param waitNanos the time in which this rank had nothing to do but wait for others or the network
 * @param transferNanos the rest of the time in sums: copying, adding and system calls
 */
public record ExchangeStatistics(long sums, long bytesSent, long bytesReceived, long waitNanos, long transferNanos) {}
