package org.resnet4j;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.codec.DecodingMemory;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * Some images on their way to the network, decoded and transformed by other threads.
 *
 * @param items what they are made of
 * @param input where they come to stand, in the order of the items
 * @param tasks one an item; the result is what is wrong with it, or null
 */
record Chunk<T>(List<T> items, float[] input, List<Future<@Nullable UnreadableImageException>> tasks) {
    /** Makes an item an image. */
    interface Decoder<T> {
        Image decode(T item) throws UnreadableImageException;
    }

    /** Lets the threads begin. */
    static <T> Chunk<T> start(
            List<T> items,
            float[] input,
            Decoder<? super T> decoder,
            EvaluationTransform transform,
            ExecutorService threads) {
        int length = transform.inputLength();
        List<Future<@Nullable UnreadableImageException>> tasks = IntStream.range(0, items.size())
                .mapToObj(i -> threads.submit(() -> prepare(items.get(i), decoder, transform, input, i * length)))
                .toList();
        return new Chunk<>(items, input, tasks);
    }

    private static <T> @Nullable UnreadableImageException prepare(
            T item, Decoder<? super T> decoder, EvaluationTransform transform, float[] input, int offset) {
        try (var _ = DecodingMemory.open()) {
            transform.write(decoder.decode(item), input, offset);
            return null;
        } catch (UnreadableImageException unreadable) {
            return unreadable;
        }
    }

    /** Waits for all items; those that are wrong have an entry that is not null. */
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

    /** Lets go what has not begun. */
    void cancel() {
        tasks.forEach(task -> task.cancel(false));
    }

    /** The item behind a row of {@link #good}, counted from 0. */
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
     * The images without those that are wrong, moved together.
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
