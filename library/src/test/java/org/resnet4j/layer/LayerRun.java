package org.resnet4j.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.resnet4j.kernel.Closeness.assertClose;
import static org.resnet4j.kernel.DoubleReference.widen;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Named;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.RandomArrays;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * Runs a layer forward and backward on random numbers and compares its gradients with finite differences of the same
 * function in double precision.
 */
public final class LayerRun {
    private static final double FORWARD_TOLERANCE = 2e-6;
    private static final double GRADIENT_TOLERANCE = 1e-4;

    private final Layer layer;
    private final Tensor input;
    private final float[] outputGradient;
    private final float[] output;
    private final float[] inputGradient;

    private LayerRun(Layer layer, Tensor input, float[] outputGradient, float[] output, float[] inputGradient) {
        this.layer = layer;
        this.input = input;
        this.outputGradient = outputGradient;
        this.output = output;
        this.inputGradient = inputGradient;
    }

    /** Returns both kinds of kernels, for parameterized tests. */
    public static List<Named<Kernels>> kernels() {
        return List.of(Named.of("scalar", KernelLookup.scalar()), Named.of("vector", KernelLookup.vector()));
    }

    /** Runs one step forward and backward with random parameters and random input. */
    public static LayerRun of(Layer layer, Kernels kernels, Shape input, long seed) {
        var random = new RandomArrays(seed);
        for (Parameter parameter : layer.parameters()) {
            float[] drawn = random.uniform(parameter.value().size(), -0.8, 1);
            System.arraycopy(drawn, 0, parameter.value().array(), 0, drawn.length);
            Arrays.fill(parameter.gradient().array(), 0f);
        }
        Tensor x = Tensor.wrap(random.normal(input.size(), 0.2, 1), input);
        Shape outputShape = layer.outputShape(input);
        float[] dy = random.mixed(outputShape.size());
        try (var workers = new Workers(2)) {
            var tape = new Tape(new Workspace(new Compute(kernels, workers)));
            Tensor y = layer.forward(x, tape);
            assertEquals(outputShape, y.shape(), "outputShape() tells the shape of the result");
            float[] output = y.copy().array();
            Tensor dx = layer.backward(Tensor.wrap(dy.clone(), outputShape), tape);
            assertEquals(input, dx.shape(), "the gradient has the input's shape");
            assertTrue(tape.isEmpty(), "backward takes back all that forward saved");
            float[] inputGradient = dx.copy().array();
            assertAdds(layer, x, dy, inputGradient, tape);
            return new LayerRun(layer, x, dy, output, inputGradient);
        }
    }

    /**
     * Runs a second step whose input gradient is added to another. The parameters keep the gradient of the first step.
     */
    private static void assertAdds(Layer layer, Tensor x, float[] dy, float[] inputGradient, Tape tape) {
        var gradients = layer.parameters().stream()
                .map(parameter -> parameter.gradient().copy().array())
                .toList();
        Shape outputShape = layer.forward(x, tape).shape();
        float[] sum = new RandomArrays(9).mixed(inputGradient.length);
        float[] expected = sum.clone();
        for (int i = 0; i < expected.length; i++) {
            expected[i] += inputGradient[i];
        }
        Gradient other = Gradient.of(Tensor.wrap(sum, x.shape()));
        layer.backwardAdding(Gradient.of(Tensor.wrap(dy.clone(), outputShape)), other, tape)
                .read(tape.workspace());
        assertClose(expected, sum, expected.length, FORWARD_TOLERANCE, "the gradient to the input is added");
        assertTrue(tape.isEmpty(), "backwardAdding takes back all that forward saved");
        for (int i = 0; i < gradients.size(); i++) {
            float[] kept = gradients.get(i);
            System.arraycopy(kept, 0, layer.parameters().get(i).gradient().array(), 0, kept.length);
        }
    }

    /** Returns the input in double precision. */
    public double[] x() {
        return widen(input.array(), input.size());
    }

    /**
     * Returns a parameter in double precision.
     *
     * @param suffix the end of its name
     */
    public double[] parameter(String suffix) {
        Tensor value = find(suffix).value();
        return widen(value.array(), value.size());
    }

    private Parameter find(String suffix) {
        return layer.parameters().stream()
                .filter(parameter -> parameter.name().endsWith(suffix))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no parameter " + suffix));
    }

    /** Compares the result and the input gradient. */
    public LayerRun assertInput(UnaryOperator<double[]> function) {
        assertClose(function.apply(x()), output, FORWARD_TOLERANCE, "forward");
        double[] expected = FiniteDifferences.gradient(function, x(), widen(outputGradient));
        assertClose(expected, inputGradient, GRADIENT_TOLERANCE, "gradient to the input");
        return this;
    }

    /** Compares the gradient of a parameter. */
    public LayerRun assertParameter(String suffix, UnaryOperator<double[]> function) {
        double[] expected = FiniteDifferences.gradient(function, parameter(suffix), widen(outputGradient));
        assertClose(expected, find(suffix).gradient().array(), GRADIENT_TOLERANCE, "gradient to " + suffix);
        return this;
    }
}
