package org.resnet4j.training;

/**
 * The epoch with the best validation: the highest top-1; ties go to the smaller loss.
 *
 * @param epoch counted from 1
 */
public record BestEpoch(int epoch, ValidationMetrics validation) {}
