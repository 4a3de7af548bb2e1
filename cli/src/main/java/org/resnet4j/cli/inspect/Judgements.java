package org.resnet4j.cli.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a model said of a dataset.
 *
 * @param classes how many there are
 */
record Judgements(List<Judgement> all, int classes) {
    /** Of confidence. */
    private static final int BINS = 10;

    /** Answers whose confidence lies between two bounds, and how many of them were right. */
    record Bin(int count, double confidence, double right) {}

    /**
     * One class.
     *
     * @param images that are of it
     * @param found of those, how many were said to be of it
     * @param said how many images were said to be of it
     */
    record PerClass(int images, int found, int said) {
        /** The share of its images that are found. */
        double recall() {
            return images == 0 ? Double.NaN : (double) found / images;
        }

        /** The share of what is said to be of it that is. */
        double precision() {
            return said == 0 ? Double.NaN : (double) found / said;
        }
    }

    /** Images of one class that were taken for another. */
    record Confusion(int truth, int said, int count) {}

    Judgements {
        all = List.copyOf(all);
    }

    /** The share that is right. */
    double accuracy() {
        return (double) all.stream().filter(Judgement::isRight).count() / all.size();
    }

    /** {@code [truth][said]}. */
    int[][] matrix() {
        var matrix = new int[classes][classes];
        all.forEach(one -> matrix[one.truth()][one.said()]++);
        return matrix;
    }

    PerClass of(int index) {
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

    /** What is taken for something else most often, the most frequent first. */
    List<Confusion> confusions() {
        int[][] matrix = matrix();
        return IntStream.range(0, classes * classes)
                .mapToObj(i -> new Confusion(i / classes, i % classes, matrix[i / classes][i % classes]))
                .filter(confusion -> confusion.truth() != confusion.said() && confusion.count() > 0)
                .sorted(Comparator.comparingInt(Confusion::count).reversed())
                .toList();
    }

    /** Wrong answers, the surest first. */
    List<Judgement> mistakes() {
        return all.stream()
                .filter(one -> !one.isRight())
                .sorted(Comparator.comparingDouble(Judgement::confidence).reversed())
                .toList();
    }

    /** Answers by their confidence, in ten bins of equal width; empty bins are left out. */
    List<Bin> bins() {
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

    /** The expected calibration error (Guo et al., 2017): how far confidence and accuracy are apart, in the mean. */
    double calibrationError() {
        return bins().stream()
                .mapToDouble(bin -> Math.abs(bin.confidence() - bin.right()) * bin.count() / all.size())
                .sum();
    }
}
