package org.resnet4j.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The answers of a model for labeled images.
 *
 * @param all in the order of the images
 * @param classes number of classes
 * @since 0.1.0
 */
public record Judgements(List<Judgement> all, int classes) {
    /** Number of bins of confidence. */
    private static final int BINS = 10;

    /** The answers whose confidence lies between two bounds: their number, mean confidence and accuracy. */
    public record Bin(int count, double confidence, double right) {}

    /**
     * The counts of one class.
     *
     * @param images images of the class
     * @param found images of the class that were predicted as it
     * @param said images that were predicted as the class
     */
    public record PerClass(int images, int found, int said) {
        /** Returns the recall: the share of the images of the class that were found; NaN without images. */
        public double recall() {
            return images == 0 ? Double.NaN : (double) found / images;
        }

        /** Returns the precision: the share of the answers with this class that are right; NaN without answers. */
        public double precision() {
            return said == 0 ? Double.NaN : (double) found / said;
        }
    }

    /** A pair of classes of which the first was taken for the second, and the number of images. */
    public record Confusion(int truth, int said, int count) {}

    public Judgements {
        all = List.copyOf(all);
    }

    /** Returns the share of right answers. */
    public double accuracy() {
        return (double) all.stream().filter(Judgement::isRight).count() / all.size();
    }

    /** Returns the confusion matrix, {@code [truth][said]}. */
    public int[][] matrix() {
        var matrix = new int[classes][classes];
        all.forEach(one -> matrix[one.truth()][one.said()]++);
        return matrix;
    }

    /** Returns the counts of one class. */
    public PerClass of(int index) {
        int images = 0;
        int found = 0;
        int said = 0;
        for (Judgement one : all) {
            images += one.truth() == index ? 1 : 0;
            said += one.said() == index ? 1 : 0;
            found += one.truth() == index && one.isRight() ? 1 : 0;
        }
        return new PerClass(images, found, said);
    }

    /** Returns the pairs of confused classes, the most frequent first. */
    public List<Confusion> confusions() {
        int[][] matrix = matrix();
        return IntStream.range(0, classes * classes)
                .mapToObj(i -> new Confusion(i / classes, i % classes, matrix[i / classes][i % classes]))
                .filter(confusion -> confusion.truth() != confusion.said() && confusion.count() > 0)
                .sorted(Comparator.comparingInt(Confusion::count).reversed())
                .toList();
    }

    /** Returns the wrong answers, the most confident first. */
    public List<Judgement> mistakes() {
        return all.stream()
                .filter(one -> !one.isRight())
                .sorted(Comparator.comparingDouble(Judgement::confidence).reversed())
                .toList();
    }

    /** Returns the answers by confidence, in ten bins of equal width; empty bins are omitted. */
    public List<Bin> bins() {
        var bins = new ArrayList<Bin>();
        for (int bin = 0; bin < BINS; bin++) {
            int place = bin;
            List<Judgement> inside = all.stream()
                    .filter(one -> Math.min(BINS - 1, (int) (one.confidence() * BINS)) == place)
                    .toList();
            if (!inside.isEmpty()) {
                bins.add(new Bin(
                        inside.size(),
                        inside.stream()
                                .mapToDouble(Judgement::confidence)
                                .average()
                                .orElseThrow(),
                        (double) inside.stream().filter(Judgement::isRight).count() / inside.size()));
            }
        }
        return bins;
    }

    /** Returns the expected calibration error (Guo et al., 2017): the mean gap between confidence and accuracy. */
    public double calibrationError() {
        return bins().stream()
                .mapToDouble(bin -> Math.abs(bin.confidence() - bin.right()) * bin.count() / all.size())
                .sum();
    }
}
