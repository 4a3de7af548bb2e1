package org.resnet4j.training;

import org.jspecify.annotations.Nullable;

/**
 * Metrics of one epoch.
 *
 * @param epoch counted from 1
 * @param learningRate learning rate of the last step
 * @param trainLoss mean training loss over the epoch, while the weights changed
 * @param trainTop1 share of training images classified as labeled, from 0 to 1
 * @param validation metrics after the epoch; null without validation data
 * @param imagesPerSecond training images per second of training, validation excluded
 * @param waitSeconds time that training waited for data
 * @param seconds time of the whole epoch, validation included
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
