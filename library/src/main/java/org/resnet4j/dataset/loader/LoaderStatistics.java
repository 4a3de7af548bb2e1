package org.resnet4j.dataset.loader;

/**
 * How long the consumer of a {@link BatchStream} had to wait.
 *
 * @param batches how many batches it got
 * @param samples how many images were in them
 * @param waitNanos for how long it stood waiting for a batch
 * @param elapsedNanos from the opening of the stream until its end or now
 */
public record LoaderStatistics(int batches, long samples, long waitNanos, long elapsedNanos) {
    /** The part of the time that was spent waiting, from 0 to 1. */
    public double waitFraction() {
        return elapsedNanos <= 0 ? 0 : Math.min(1, (double) waitNanos / elapsedNanos);
    }
}
