package org.resnet4j.dataset;

import java.io.Serializable;
import org.resnet4j.support.Ranges;
import org.resnet4j.support.SeededRandom;

/**
 * The options of the parallel loading of a dataset. Start from {@link #of} and change values with the {@code with…} methods.
 *
 * @param batchSize the number of images in a batch, at least 1
 * @param threads the number of threads that read and decode, at least 1; the batches do not depend on it
 * @param prefetch the number of batches that are prepared ahead of the one in use, at least 1
 * @param strict true if an unreadable image ends the epoch with its error; false if it is skipped and reported
 * @param seed the seed of order and augmentation in training; without effect in evaluation
 * @param dropLast true to drop a partial last batch in training, unless it is the only one; evaluation never drops
 *     images
 * @param balanced true to draw the images of a training epoch with replacement, each class as often as any other; false
 *     to show every image once
 * @since 0.1.0
 */
public record LoaderOptions(
        int batchSize, int threads, int prefetch, boolean strict, long seed, boolean dropLast, boolean balanced)
        implements Serializable {
    public LoaderOptions {
        Ranges.checkAtLeast("batch size", 1, batchSize);
        Ranges.checkAtLeast("loader threads", 1, threads);
        Ranges.checkAtLeast("prefetched batches", 1, prefetch);
    }

    /**
     * Returns the defaults: a thread for each processor, four batches ahead, unreadable images skipped, seed 0, a
     * partial last batch dropped.
     */
    public static LoaderOptions of(int batchSize) {
        return new LoaderOptions(batchSize, Runtime.getRuntime().availableProcessors(), 4, false, 0, true, false);
    }

    /** Returns these options with another number of threads. */
    public LoaderOptions withThreads(int changed) {
        return new LoaderOptions(batchSize, changed, prefetch, strict, seed, dropLast, balanced);
    }

    /** Returns these options with another number of batches prepared ahead. */
    public LoaderOptions withPrefetch(int changed) {
        return new LoaderOptions(batchSize, threads, changed, strict, seed, dropLast, balanced);
    }

    /** Returns these options with unreadable images rejected or skipped. */
    public LoaderOptions withStrict(boolean changed) {
        return new LoaderOptions(batchSize, threads, prefetch, changed, seed, dropLast, balanced);
    }

    /** Returns these options with another seed. */
    public LoaderOptions withSeed(long changed) {
        return new LoaderOptions(batchSize, threads, prefetch, strict, changed, dropLast, balanced);
    }

    /** Returns these options with a partial last batch dropped or kept. */
    public LoaderOptions withDropLast(boolean changed) {
        return new LoaderOptions(batchSize, threads, prefetch, strict, seed, changed, balanced);
    }

    /** Returns these options with balanced sampling, or with every image once. */
    public LoaderOptions withBalanced(boolean changed) {
        return new LoaderOptions(batchSize, threads, prefetch, strict, seed, dropLast, changed);
    }

    /** Returns the number of batches of an epoch of {@code samples} samples. */
    public int batches(int samples, boolean training) {
        int full = samples / batchSize;
        boolean partial = samples % batchSize != 0;
        return partial && (!training || !dropLast || full == 0) ? full + 1 : full;
    }

    /**
     * Returns the order of {@code samples} samples in a training epoch; those of a dropped last batch are at the end.
     */
    public int[] order(int samples, int epoch) {
        return SeededRandom.of(seed, SeededRandom.Purpose.SHUFFLE, epoch, 0).permutation(samples);
    }
}
