package org.resnet4j.training;

import org.jspecify.annotations.Nullable;

/**
 * What one epoch gave.
 *
 * @param epoch counted from 1
 * @param learningRate of its last step
 * @param trainLoss the mean training loss over the epoch, while the weights changed
 * @param trainTop1 the share of training images that were right, by their labels, from 0 to 1
 * @param validation after the epoch; null without validation data
 * @param imagesPerSecond training images by the seconds of training, validation left out
 * @param waitSeconds for which training stood and waited for data
 * @param seconds of the whole epoch, validation included
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
