package org.resnet4j;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.tensor.HeapTooSmallException;
import org.resnet4j.tensor.NonFiniteScoresException;

/**
 * Many pictures on their way through the network, several at a time: while some are computed, the next are decoded and
 * transformed by other threads.
 *
 * @param threads that decode
 */
record ManyPictures(Scoring scoring, EvaluationTransform transform, Plans plans, ExecutorService threads) {
    /** Images in one pass through the network: more take memory and win nothing. */
    static final int CHUNK = 16;

    /** Receives the results of a chunk. */
    interface Answers<T> {
        /** @param predictions of the items without a problem */
        void accept(List<T> items, List<Prediction> predictions, @Nullable UnreadableImageException[] problems);
    }

    /**
     * Predicts items, in their order.
     *
     * @param names of the items, by their index, for messages
     */
    <T> void predict(List<T> items, Chunk.Decoder<? super T> decoder, IntFunction<String> names, Answers<T> answers) {
        int longest = Math.min(CHUNK, items.size());
        checkMemory(transform, items.size() > CHUNK ? 2 * CHUNK : longest);
        // Two, so that one is filled while the other is computed.
        float[] input = new float[Math.multiplyExact(longest, transform.inputLength())];
        float[] spare = items.size() > CHUNK ? new float[input.length] : input;
        Chunk<T> next = start(items, 0, input, decoder);
        try {
            for (int from = 0; from < items.size(); from += CHUNK) {
                // Compiled at the first use, while the first images are decoded.
                InferencePlan plan = items.size() == 1 ? plans.forOne() : plans.forMany();
                @Nullable UnreadableImageException[] problems = next.join();
                Chunk<T> current = next;
                float[] free = spare;
                spare = current.input();
                next = start(items, from + CHUNK, free, decoder);
                int first = from;
                List<Prediction> predictions =
                        predict(plan, current, problems, row -> names.apply(first + Chunk.item(problems, row)));
                answers.accept(current.items(), predictions, problems);
            }
        } finally {
            next.cancel();
        }
    }

    private <T> Chunk<T> start(List<T> items, int from, float[] input, Chunk.Decoder<? super T> decoder) {
        int begin = Math.min(from, items.size());
        int end = Math.min(begin + CHUNK, items.size());
        return Chunk.start(items.subList(begin, end), input, decoder, transform, threads);
    }

    private List<Prediction> predict(
            InferencePlan plan,
            Chunk<?> chunk,
            @Nullable UnreadableImageException[] problems,
            IntFunction<String> names) {
        try {
            return scoring.predict(plan, chunk.good(problems, transform));
        } catch (NonFiniteScoresException failure) {
            throw failure.of(names.apply(failure.row()));
        }
    }

    /** Refuses images whose floats alone do not fit into the heap. */
    static void checkMemory(EvaluationTransform transform, long images) {
        long side = transform.inputSize();
        HeapTooSmallException.check(
                "predicting with images of " + side + "x" + side + " pixels",
                images * side * side * transform.normalization().channels());
    }
}
