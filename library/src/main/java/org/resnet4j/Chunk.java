package org.resnet4j;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Normalization;
import org.resnet4j.image.codec.DecodingMemory;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * A group of images that other threads decode and transform for the network.
 *
 * @param items sources of the images
 * @param input destination of the transformed images, in the order of the items
 * @param tasks one for each item; the result is the item's error, or null
 */
record Chunk<T>(List<T> items, float[] input, List<Future<@Nullable UnreadableImageException>> tasks) {
    /** The way from an item to the square that the network sees. */
    interface Loader<T> {
        Image load(T item) throws UnreadableImageException;
    }

    /** Lets the threads begin. */
    static <T> Chunk<T> start(
            List<T> items,
            float[] input,
            Loader<? super T> loader,
            EvaluationTransform transform,
            ExecutorService threads) {
        int length = transform.inputLength();
        List<Future<@Nullable UnreadableImageException>> tasks = IntStream.range(0, items.size())
                .mapToObj(i -> threads.submit(
                        () -> prepare(items.get(i), loader, transform.normalization(), input, i * length)))
                .toList();
        return new Chunk<>(items, input, tasks);
    }

    private static <T> @Nullable UnreadableImageException prepare(
            T item, Loader<? super T> loader, Normalization normalization, float[] input, int offset) {
        try (var _ = DecodingMemory.open()) {
            normalization.write(loader.load(item), input, offset);
            return null;
        } catch (UnreadableImageException unreadable) {
            return unreadable;
        }
    }

    /** Waits for all items. Entries of failed items are not null. */
    @Nullable
    UnreadableImageException[] join() {
        var problems = new @Nullable UnreadableImageException[tasks.size()];
        boolean interrupted = false;
        try {
            for (int i = 0; i < problems.length; i++) {
                while (true) {
                    try {
                        problems[i] = tasks.get(i).get();
                        break;
                    } catch (InterruptedException _) {
                        interrupted = true;
                    }
                }
            }
        } catch (ExecutionException failure) {
            cancel();
            switch (failure.getCause()) {
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException("an image could not be prepared", failure);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return problems;
    }

    /** Cancels the tasks that have not begun. */
    void cancel() {
        tasks.forEach(task -> task.cancel(false));
    }

    /** Returns the item behind a row of {@link #good}, counted from 0. */
    static int item(@Nullable UnreadableImageException[] problems, int row) {
        int item = -1;
        for (int left = row; left >= 0; left--) {
            do {
                item++;
            } while (problems[item] != null);
        }
        return item;
    }

    /**
     * Returns the decoded images without gaps, leaving out failed ones.
     *
     * @return {@code [N, size, size, channels]}, N above 0
     */
    Tensor good(@Nullable UnreadableImageException[] problems, EvaluationTransform transform) {
        int length = transform.inputLength();
        int count = 0;
        for (int i = 0; i < problems.length; i++) {
            if (problems[i] == null) {
                if (count != i) {
                    System.arraycopy(input, i * length, input, count * length, length);
                }
                count++;
            }
        }
        int size = transform.inputSize();
        return Tensor.wrap(
                input, Shape.of(count, size, size, transform.normalization().channels()));
    }
}
