package org.resnet4j.training;

/**
 * The epoch that validated best: the highest top-1, and of equal ones the smallest loss.
 *
 * @param epoch counted from 1
 */
public record BestEpoch(int epoch, ValidationMetrics validation) {}
