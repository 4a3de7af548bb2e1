package org.resnet4j.resnet;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.inference.StreamNetworks;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StepRandom;
import org.resnet4j.layer.StochasticDepth;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.parallel.Workers;
import org.resnet4j.pytorch.UniformStream;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.tensor.Tensor.Format;

/** Training steps with feature maps in bfloat16. */
class BFloat16StepTest {
    static final List<ResNetSpec> SPECS = specs();

    /** The number of the stream of gradients, as in the script of the fixture. */
    private static final long SCORES = 2_000_000;

    /** Gradients differ by ReLUs that are on in one step and off in the other; where few differ, some are chance. */
    private static final double AS_CLOSE = 1.25;

    private static List<ResNetSpec> specs() {
        var specs = new ArrayList<>(ResNetTest.SPECS);
        specs.add(ResNets.named("resnet20"));
        for (List<Integer> widths : List.of(List.of(5, 8), List.of(6, 9))) {
            specs.add(ResNetTest.varied("widths " + widths, BlockKind.BASIC, ShortcutOption.A)
                    .widths(widths)
                    .build());
        }
        return specs;
    }

    private static Step step(ResNetSpec spec, Kernels kernels, int threads, Format format) {
        try (var workers = new Workers(threads)) {
            var tape = new Tape(new Workspace(new Compute(kernels, workers)), format);
            return Step.of(ResNet.create(spec, 1), ResNetTest.images(3, spec), tape);
        }
    }

    /** Returns the distance of two vectors, relative to the length of the first. */
    private static double distance(float[] expected, float[] actual) {
        double squares = 0;
        double distances = 0;
        for (int i = 0; i < expected.length; i++) {
            double d = (double) expected[i] - actual[i];
            squares += (double) expected[i] * expected[i];
            distances += d * d;
        }
        return Math.sqrt(distances / Math.max(squares, 1e-12));
    }

    /** Returns the gradients of all parameters, in their order. */
    private static float[] gradients(ResNet network, Step step) {
        var all = new float
                [network.parameters().stream()
                        .mapToInt(parameter -> parameter.shape().size())
                        .sum()];
        int next = 0;
        for (Parameter parameter : network.parameters()) {
            float[] gradient = step.state().getOrDefault("gradient of " + parameter.name(), all);
            System.arraycopy(gradient, 0, all, next, gradient.length);
            next += gradient.length;
        }
        return all;
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/pytorch/bfloat16_training.csv", useHeadersInDisplayName = true)
    void gradientsAreAsCloseToFloat32AsThoseOfPyTorchWithAutocast(
            String name, int batch, int height, int width, double scores, double gradients) {
        Tensor images = StreamNetworks.images(batch, height, width);
        IntFunction<float[]> gradient = size -> UniformStream.floats(SCORES, size, 1.0 / batch, 0);
        var steps = new EnumMap<Format, Step>(Format.class);
        ResNet network = StreamNetworks.create(ResNets.named(name));
        try (Compute compute = Compute.best(2)) {
            for (Format format : Format.values()) {
                network.parameters()
                        .forEach(parameter -> Arrays.fill(parameter.gradient().array(), 0f));
                steps.put(format, Step.of(network, images, gradient, new Tape(new Workspace(compute), format)));
            }
        }
        Step exact = Objects.requireNonNull(steps.get(Format.FLOAT32));
        Step rounded = Objects.requireNonNull(steps.get(Format.BFLOAT16));
        double ofScores = distance(exact.scores(), rounded.scores());
        double ofGradients = distance(gradients(network, exact), gradients(network, rounded));
        String seen = name + ": scores " + ofScores + ", PyTorch " + scores + "; gradients " + ofGradients
                + ", PyTorch " + gradients;
        assertTrue(ofScores <= AS_CLOSE * scores && ofGradients <= AS_CLOSE * gradients, seen);
    }

    /** Networks of a few channels and pixels: wherever a conversion was forgotten, numbers would mean nothing. */
    @ParameterizedTest
    @FieldSource("SPECS")
    void everyKindOfNetworkComputesAboutTheSameAsInFloat32(ResNetSpec spec) {
        Step exact = step(spec, KernelLookup.vector(), 2, Format.FLOAT32);
        ResNet network = ResNet.create(spec, 1);
        for (Kernels kernels : List.of(KernelLookup.scalar(), KernelLookup.vector())) {
            Step rounded = step(spec, kernels, 2, Format.BFLOAT16);
            double ofScores = distance(exact.scores(), rounded.scores());
            double ofGradients = distance(gradients(network, exact), gradients(network, rounded));
            String seen = spec.name() + ", " + kernels.name() + ": scores " + ofScores + ", gradients " + ofGradients;
            assertTrue(ofScores > 0 && ofScores < 0.03 && ofGradients < 0.5, seen);
        }
    }

    @ParameterizedTest
    @FieldSource("SPECS")
    void theBitsAreTheSameForEveryNumberOfThreads(ResNetSpec spec) {
        Step expected = step(spec, KernelLookup.vector(), 1, Format.BFLOAT16);
        for (int threads : new int[] {2, 3, 5}) {
            Step step = step(spec, KernelLookup.vector(), threads, Format.BFLOAT16);
            expected.assertSameBits(step, spec.name() + " with " + threads + " threads");
        }
    }

    @ParameterizedTest
    @FieldSource("SPECS")
    void computingTheInsideOfBlocksAgainGivesTheSameBits(ResNetSpec spec) {
        Tensor images = ResNetTest.images(3, spec);
        try (var workers = new Workers(2)) {
            var compute = new Compute(KernelLookup.vector(), workers);
            var whole = new Tape(new Workspace(compute), Format.BFLOAT16);
            var frugal = Tape.frugal(new Workspace(compute), Format.BFLOAT16);
            for (Tape tape : List.of(whole, frugal)) {
                tape.begin(new StepRandom(5, Optional.of(new StochasticDepth(0.4))));
            }
            Step kept = Step.of(ResNet.create(spec, 1), images, whole);
            Step again = Step.of(ResNet.create(spec, 1), images, frugal);
            kept.assertSameBits(again, spec.name());
        }
    }

    @Test
    void featureMapsTakeHalfTheMemory() {
        ResNetSpec spec = ResNets.named("resnet110");
        Tensor images = ResNetTest.images(2, spec);
        try (var workers = new Workers(2)) {
            var compute = new Compute(KernelLookup.vector(), workers);
            var wide = new Workspace(compute);
            var narrow = new Workspace(compute);
            ResNet network = ResNet.create(spec, 1);
            for (int step = 0; step < 2; step++) {
                Step.of(network, images, new Tape(wide));
                Step.of(network, images, new Tape(narrow, Format.BFLOAT16));
            }
            double share = (double) narrow.allocatedBytes() / wide.allocatedBytes();
            assertTrue(share < 0.55, () -> share + " of the bytes");
        }
    }
}
