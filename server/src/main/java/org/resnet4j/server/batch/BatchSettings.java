package org.resnet4j.server.batch;

import java.time.Duration;
import java.util.Objects;

/**
 * The rules by which the images of several requests become a batch.
 *
 * @param size the largest number of images in a batch; a request with more is a batch of its own
 * @param delay the longest time that an image waits for others while nothing else is computed
 * @param capacity the number of images that may wait
 */
public record BatchSettings(int size, Duration delay, int capacity) {
    public BatchSettings {
        Objects.requireNonNull(delay);
        if (size < 1) {
            throw new IllegalArgumentException("the batch size must be at least 1, got " + size);
        }
        if (delay.isNegative()) {
            throw new IllegalArgumentException("the delay of a batch must not be negative, got " + delay);
        }
        if (capacity < size) {
            throw new IllegalArgumentException(
                    "the queue must have room for a batch of " + size + " images, got " + capacity);
        }
    }
}
