package org.resnet4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.support.Ranges;
import org.resnet4j.support.Ranking;
import org.resnet4j.tensor.NonFiniteScoresException;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * Computation of answers from a batch of images.
 *
 * @param labels the name of each class
 */
record Scoring(ResNetSpec spec, List<String> labels, Kernels kernels) {
    /** The size of the first images of a warm-up. Until they are compiled, kernels take seconds for larger ones. */
    private static final int SMALL = 32;

    private static final int SMALL_IMAGES = 4;
    private static final int SMALL_CALLS = 20;

    /** The number of calls of the model's size after which its kernels are compiled, and the most seconds they take. */
    private static final int CALLS = 30;

    private static final long MOST_SECONDS = 10;

    /** Computes small images, and then pictures in batches of the model's size. */
    void warmUp(InferencePlan plan, int images, EvaluationTransform transform) {
        Ranges.checkAtLeast("the size of a batch", 1, images);
        int size = transform.inputSize();
        int small = Math.min(size, SMALL);
        int channels = transform.normalization().channels();
        Tensor first = Tensor.zeros(SMALL_IMAGES, small, small, channels);
        for (int i = 0; i < SMALL_CALLS; i++) {
            predict(plan, first);
        }
        var picture = new Image(2 * size, size, 3, new byte[2 * size * size * 3]);
        Tensor batch = Tensor.zeros(images, size, size, channels);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        int calls = 0;
        do {
            transform.normalization().write(transform.apply(picture), batch.array(), 0);
            predict(plan, batch);
            calls++;
        } while (calls < CALLS && System.nanoTime() < end);
    }

    /** Returns classes, scores and embedding of each image. */
    List<Prediction> predict(InferencePlan plan, Tensor images) {
        int count = images.shape().extent(0);
        if (count == 0) {
            return List.of();
        }
        Tensor features = Tensor.zeros(count, spec.features());
        Tensor logits = Tensor.zeros(count, spec.classes());
        plan.predict(images, features, logits);
        float[][] embeddings = rows(features);
        float[][] scores = rows(logits);
        var predictions = new ArrayList<Prediction>(count);
        for (int i = 0; i < count; i++) {
            predictions.add(new Prediction(ranked(scores[i], spec.classes()), scores[i], embeddings[i]));
        }
        return predictions;
    }

    /** Returns the most probable classes, at most {@code topK}. */
    List<Classification> ranked(float[] logits, int topK) {
        NonFiniteScoresException.check(spec.name(), "score", 1, logits, logits.length);
        float[] probabilities = new float[logits.length];
        kernels.loss().softmax(1, logits.length, logits, probabilities);
        return IntStream.of(Ranking.top(logits, topK))
                .mapToObj(i -> new Classification(i, labels.get(i), probabilities[i]))
                .toList();
    }

    /** Returns the feature maps of images, one for each stage. */
    List<FeatureMap> featureMaps(InferencePlan plan, Tensor images) {
        List<Tensor> values = plan.featureMaps(images);
        return IntStream.range(0, values.size())
                .mapToObj(i -> new FeatureMap(
                        plan.stages().get(i).name(), plan.stages().get(i).stride(), values.get(i)))
                .toList();
    }

    /** Returns the logits of any number of images. */
    float[][] logits(InferencePlan plan, Tensor images) {
        int count = images.shape().extent(0);
        if (count <= ManyPictures.CHUNK) {
            return rows(plan.predict(images));
        }
        int length = images.size() / count;
        int[] extents = images.shape().toArray();
        var scores = new ArrayList<float[]>(count);
        for (int from = 0; from < count; from += ManyPictures.CHUNK) {
            extents[0] = Math.min(ManyPictures.CHUNK, count - from);
            float[] chunk = Arrays.copyOfRange(images.array(), from * length, (from + extents[0]) * length);
            try {
                scores.addAll(List.of(rows(plan.predict(Tensor.wrap(chunk, Shape.of(extents))))));
            } catch (NonFiniteScoresException failure) {
                throw failure.from(from);
            }
        }
        return scores.toArray(float[][]::new);
    }

    private static float[][] rows(Tensor tensor) {
        int count = tensor.shape().extent(0);
        int length = tensor.shape().extent(1);
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = Arrays.copyOfRange(tensor.array(), i * length, (i + 1) * length);
        }
        return rows;
    }
}
