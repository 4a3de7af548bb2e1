package org.resnet4j.onnx.read;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.resnet4j.weights.MalformedFileException;

/**
 * The normalization of images that a file computes before its first convolution, {@code factor · x + offset} for each
 * channel: sums, differences, products and quotients with constants.
 */
public final class InputNormalization {
    private static final Set<String> COMMUTATIVE = Set.of("Add", "Mul");
    private static final Set<String> OPERATORS = Set.of("Add", "Sub", "Mul", "Div");

    /** Of samples from 0 to 1, neither the mean nor the standard deviation is larger. */
    private static final double LARGEST_OF_UNIT = 2;

    private static final double SAMPLES = 255;

    private double[] factor = {1};
    private double[] offset = {0};
    private int steps;

    private InputNormalization() {}

    /**
     * A graph without its normalization.
     *
     * @param graph the graph, whose input is normalized images
     * @param normalization the normalization; null if the file has none
     */
    public record Separated(StoredGraph graph, @Nullable InputNormalization normalization) {}

    /**
     * Separates the normalization from the rest of a graph.
     *
     * @throws MalformedFileException if it is not one of images
     * @throws IOException if a constant cannot be read
     */
    public static Separated separate(StoredGraph graph) throws IOException {
        var normalization = new InputNormalization();
        String value = graph.input();
        for (StoredNode step = normalization.next(graph, value);
                step != null;
                step = normalization.next(graph, value)) {
            value = step.output();
        }
        if (normalization.steps == 0) {
            return new Separated(graph, null);
        }
        normalization.check(graph);
        return new Separated(graph.withInput(value), normalization);
    }

    /** Applies the step that follows a value, if it is one with constants. */
    private @Nullable StoredNode next(StoredGraph graph, String value) throws IOException {
        List<StoredNode> users = graph.consumers(value);
        if (users.size() != 1 || !OPERATORS.contains(users.getFirst().operator())) {
            return null;
        }
        StoredNode step = users.getFirst();
        boolean first = step.input(0).equals(value);
        StoredTensor constant = graph.tensors().get(step.input(first ? 1 : 0));
        if (constant == null || !(first || COMMUTATIVE.contains(step.operator())) || !isForChannels(constant)) {
            return null;
        }
        double[] numbers = StoredNumbers.readReals(graph.path(), constant);
        if (numbers == null) {
            return null;
        }
        int channels = Math.max(factor.length, numbers.length);
        factor = repeated(factor, channels);
        offset = repeated(offset, channels);
        double[] operand = repeated(numbers, channels);
        for (int c = 0; c < channels; c++) {
            switch (step.operator()) {
                case "Add" -> offset[c] += operand[c];
                case "Sub" -> offset[c] -= operand[c];
                case "Mul" -> {
                    factor[c] *= operand[c];
                    offset[c] *= operand[c];
                }
                default -> {
                    factor[c] /= operand[c];
                    offset[c] /= operand[c];
                }
            }
        }
        steps++;
        return step;
    }

    /** Returns true for a scalar or one number for each channel: {@code [C, 1, 1]} or {@code [1, C, 1, 1]}. */
    private static boolean isForChannels(StoredTensor constant) {
        List<Long> extents = constant.extents();
        int rank = extents.size();
        return constant.count() == 1 || (rank >= 3 && extents.get(rank - 3) == constant.count());
    }

    private static double[] repeated(double[] numbers, int count) {
        if (numbers.length == count) {
            return numbers;
        }
        var all = new double[count];
        Arrays.fill(all, numbers[0]);
        return all;
    }

    private void check(StoredGraph graph) throws MalformedFileException {
        for (int c = 0; c < factor.length; c++) {
            if (!(factor[c] > 0) || !Double.isFinite(mean(c)) || !Double.isFinite(1 / factor[c])) {
                throw new MalformedFileException(
                        graph.path(),
                        "the graph computes " + factor[c] + " x + " + offset[c]
                                + " of its images, which is not a normalization");
            }
        }
    }

    private double mean(int channel) {
        return -offset[channel] / factor[channel];
    }

    /** Returns true if the graph takes samples from 0 to 255, and false if it takes samples from 0 to 1. */
    public boolean takesBytes() {
        for (int c = 0; c < factor.length; c++) {
            if (1 / factor[c] > LARGEST_OF_UNIT || Math.abs(mean(c)) > LARGEST_OF_UNIT) {
                return true;
            }
        }
        return false;
    }

    /** Returns the number of channels of the constants; 1 if all channels have the same. */
    public int channels() {
        return factor.length;
    }

    /**
     * Returns the mean of each channel, of samples from 0 to 1.
     *
     * @param channels the number of channels of the images
     */
    public float[] means(int channels) {
        double range = takesBytes() ? SAMPLES : 1;
        var means = new float[channels];
        for (int c = 0; c < channels; c++) {
            means[c] = (float) (mean(Math.min(c, factor.length - 1)) / range);
        }
        return means;
    }

    /**
     * Returns the standard deviation of each channel, of samples from 0 to 1.
     *
     * @param channels the number of channels of the images
     */
    public float[] deviations(int channels) {
        double range = takesBytes() ? SAMPLES : 1;
        var deviations = new float[channels];
        for (int c = 0; c < channels; c++) {
            deviations[c] = (float) (1 / factor[Math.min(c, factor.length - 1)] / range);
        }
        return deviations;
    }
}
