package org.resnet4j.training;

import org.jspecify.annotations.Nullable;

/**
 * The metrics of one epoch.
 *
 * @param epoch counted from 1
 * @param learningRate learning rate of the last step
 * @param trainLoss mean training loss over the epoch, measured while the weights change
 * @param trainTop1 top-1 accuracy on the training images, by their labels, from 0 to 1
 * @param validation metrics after the epoch; null without validation data
 * @param imagesPerSecond training throughput, validation excluded
 * @param waitSeconds time that training spent waiting for data
 * @param seconds duration of the whole epoch, validation included
 * @since 0.1.0
 */
public record EpochMetrics(
        int epoch,
        double learningRate,
        double trainLoss,
        double trainTop1,
        @Nullable ValidationMetrics validation,
        double imagesPerSecond,
        double waitSeconds,
        double seconds) {}
