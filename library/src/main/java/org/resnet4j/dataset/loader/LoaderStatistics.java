package org.resnet4j.dataset.loader;

/**
 * The time that the consumer of a {@link BatchStream} spent waiting.
 *
 * @param batches the number of batches it received
 * @param samples the number of images in them
 * @param waitNanos the time it waited for batches
 * @param elapsedNanos the time from the opening of the stream until its end or now
 */
public record LoaderStatistics(int batches, long samples, long waitNanos, long elapsedNanos) {
    /** Returns the fraction of the time that was spent waiting, from 0 to 1. */
    public double waitFraction() {
        return elapsedNanos <= 0 ? 0 : Math.min(1, (double) waitNanos / elapsedNanos);
    }
}
