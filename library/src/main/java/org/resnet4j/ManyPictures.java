package org.resnet4j;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.tensor.HeapTooSmallException;
import org.resnet4j.tensor.NonFiniteScoresException;

/**
 * Prediction of many pictures in batches. While one batch is computed, other threads decode and transform the next.
 *
 * @param threads the threads that decode
 */
record ManyPictures(Scoring scoring, Preparation preparation, Plans plans, ExecutorService threads) {
    /** Images in a batch; larger batches take more memory and are not faster. */
    static final int CHUNK = 16;

    /** Receiver of the results of a batch. */
    interface Answers<T> {
        /**
         * @param predictions predictions for the items without a problem
         */
        void accept(List<T> items, List<Prediction> predictions, @Nullable UnreadableImageException[] problems);
    }

    /**
     * Predicts items, in their order.
     *
     * @param names name of an item by its index, for messages
     */
    <T> void predict(List<T> items, Chunk.Loader<? super T> loader, IntFunction<String> names, Answers<T> answers) {
        int longest = Math.min(CHUNK, items.size());
        checkMemory(preparation.transform(), items.size() > CHUNK ? 2 * CHUNK : longest);
        // Two buffers: one is filled while the other is computed.
        float[] input =
                new float[Math.multiplyExact(longest, preparation.transform().inputLength())];
        float[] spare = items.size() > CHUNK ? new float[input.length] : input;
        Chunk<T> next = start(items, 0, input, loader);
        try {
            for (int from = 0; from < items.size(); from += CHUNK) {
                // Compiled on first use, while the first images are decoded.
                InferencePlan plan = items.size() == 1 ? plans.forOne() : plans.forMany();
                @Nullable UnreadableImageException[] problems = next.join();
                Chunk<T> current = next;
                float[] free = spare;
                spare = current.input();
                next = start(items, from + CHUNK, free, loader);
                int first = from;
                List<Prediction> predictions =
                        predict(plan, current, problems, row -> names.apply(first + Chunk.item(problems, row)));
                answers.accept(current.items(), predictions, problems);
            }
        } finally {
            next.cancel();
        }
    }

    /** Predicts picture files, as {@link ImageClassifier#predictFiles}. */
    void predictFiles(List<Path> files, Consumer<? super FilePrediction> answers) {
        predict(files, preparation::prepare, i -> files.get(i).toString(), (chunk, predictions, problems) -> {
            int next = 0;
            for (int i = 0; i < problems.length; i++) {
                Path file = chunk.get(i);
                UnreadableImageException problem = problems[i];
                if (problem != null) {
                    answers.accept(new FilePrediction.Unreadable(file, problem));
                } else {
                    answers.accept(new FilePrediction.Answer(file, predictions.get(next)));
                    next++;
                }
            }
        });
    }

    private <T> Chunk<T> start(List<T> items, int from, float[] input, Chunk.Loader<? super T> loader) {
        int begin = Math.min(from, items.size());
        int end = Math.min(begin + CHUNK, items.size());
        return Chunk.start(items.subList(begin, end), input, loader, preparation.transform(), threads);
    }

    private List<Prediction> predict(
            InferencePlan plan,
            Chunk<?> chunk,
            @Nullable UnreadableImageException[] problems,
            IntFunction<String> names) {
        try {
            return scoring.predict(plan, chunk.good(problems, preparation.transform()));
        } catch (NonFiniteScoresException failure) {
            throw failure.of(names.apply(failure.row()));
        }
    }

    /** Returns threads that read and decode; the caller shuts them down. */
    static ExecutorService decoders(int threads) {
        var number = new AtomicInteger();
        return Executors.newFixedThreadPool(
                threads,
                task -> Thread.ofPlatform()
                        .name("resnet4j-decode-" + number.incrementAndGet())
                        .daemon()
                        .unstarted(task));
    }

    /** Rejects images whose floats alone do not fit into the heap. */
    static void checkMemory(EvaluationTransform transform, long images) {
        long side = transform.inputSize();
        HeapTooSmallException.check(
                "predicting with images of " + side + "x" + side + " pixels",
                images * side * side * transform.normalization().channels());
    }
}
