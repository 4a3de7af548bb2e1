package org.resnet4j.dataset;

import org.resnet4j.dataset.loader.DataLoader;
import org.resnet4j.support.Ranges;
import org.resnet4j.support.SeededRandom;

/**
 * How a {@link DataLoader} makes batches. Start from {@link #of} and change what differs with the {@code with…}
 * methods.
 *
 * @param batchSize images in a batch, at least 1
 * @param threads how many threads read and decode, at least 1; the batches do not depend on it
 * @param prefetch how many batches are made ahead of the one in use, at least 1
 * @param strict whether an unreadable image ends the epoch with its error; otherwise it is skipped and reported
 * @param seed decides order and augmentation when training; without effect when evaluating
 * @param dropLast whether a last batch that is not full is left out when training, unless it is the only one; when
 *     evaluating every image comes
 */
public record LoaderOptions(int batchSize, int threads, int prefetch, boolean strict, long seed, boolean dropLast) {
    public LoaderOptions {
        Ranges.checkAtLeast("batch size", 1, batchSize);
        Ranges.checkAtLeast("loader threads", 1, threads);
        Ranges.checkAtLeast("prefetched batches", 1, prefetch);
    }

    /**
     * A thread for each processor, four batches ahead, unreadable images skipped, seed 0, a partial last batch left
     * out.
     */
    public static LoaderOptions of(int batchSize) {
        return new LoaderOptions(batchSize, Runtime.getRuntime().availableProcessors(), 4, false, 0, true);
    }

    /** The same with another number of threads. */
    public LoaderOptions withThreads(int changed) {
        return new LoaderOptions(batchSize, changed, prefetch, strict, seed, dropLast);
    }

    /** The same with another number of batches made ahead. */
    public LoaderOptions withPrefetch(int changed) {
        return new LoaderOptions(batchSize, threads, changed, strict, seed, dropLast);
    }

    /** The same with unreadable images refused or skipped. */
    public LoaderOptions withStrict(boolean changed) {
        return new LoaderOptions(batchSize, threads, prefetch, changed, seed, dropLast);
    }

    /** The same with another seed. */
    public LoaderOptions withSeed(long changed) {
        return new LoaderOptions(batchSize, threads, prefetch, strict, changed, dropLast);
    }

    /** The same with a partial last batch left out or not. */
    public LoaderOptions withDropLast(boolean changed) {
        return new LoaderOptions(batchSize, threads, prefetch, strict, seed, changed);
    }

    /** Returns the number of batches of an epoch of so many samples. */
    public int batches(int samples, boolean training) {
        int full = samples / batchSize;
        boolean partial = samples % batchSize != 0;
        return partial && (!training || !dropLast || full == 0) ? full + 1 : full;
    }

    /** Returns the order of so many samples in an epoch of training; those of a last batch that is left out stand last. */
    public int[] order(int samples, int epoch) {
        return SeededRandom.of(seed, SeededRandom.Purpose.SHUFFLE, epoch, 0).permutation(samples);
    }
}
