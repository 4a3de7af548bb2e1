package org.resnet4j.training;

import java.io.Serializable;

/**
 * The epoch with the best validation: the highest top-1 accuracy; ties go to the smallest loss.
 *
 * @param epoch counted from 1
 * @since 0.1.0
 */
public record BestEpoch(int epoch, ValidationMetrics validation) implements Serializable {}
