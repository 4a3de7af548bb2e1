package org.resnet4j.resnet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.resnet4j.kernel.Closeness.assertClose;
import static org.resnet4j.kernel.Closeness.assertSameBits;
import static org.resnet4j.kernel.DoubleReference.widen;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Description;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.LayerSummary;
import org.resnet4j.kernel.DoubleReference;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.RandomArrays;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.layer.LayerRun;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.StepRandom;
import org.resnet4j.layer.StochasticDepth;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

class ResNetTest {
    static final List<ResNetSpec> SPECS = List.of(
            tiny(Stem.SMALL_IMAGE, BlockKind.BASIC, ShortcutOption.A, StridePlacement.ON_3X3),
            tiny(Stem.IMAGENET, BlockKind.BASIC, ShortcutOption.B, StridePlacement.ON_3X3),
            tiny(Stem.IMAGENET, BlockKind.BOTTLENECK, ShortcutOption.B, StridePlacement.ON_3X3),
            tiny(Stem.SMALL_IMAGE, BlockKind.BOTTLENECK, ShortcutOption.C, StridePlacement.FIRST_1X1),
            tiny(Stem.SMALL_IMAGE, BlockKind.BASIC, ShortcutOption.NONE, StridePlacement.ON_3X3),
            tiny(Stem.DEEP, BlockKind.BOTTLENECK, ShortcutOption.D, StridePlacement.ON_3X3),
            varied("groups", BlockKind.BOTTLENECK, ShortcutOption.B)
                    .groups(2, 32)
                    .build(),
            varied("squeeze", BlockKind.BASIC, ShortcutOption.B).squeeze(2).build(),
            varied("pre-activation", BlockKind.BASIC, ShortcutOption.A)
                    .order(ActivationOrder.PRE)
                    .build(),
            varied("scaled", BlockKind.BASIC, ShortcutOption.SCALED).build(),
            varied("exclusive gate", BlockKind.BASIC, ShortcutOption.EXCLUSIVE_GATE)
                    .build(),
            varied("shortcut gate, pre-activation", BlockKind.BASIC, ShortcutOption.SHORTCUT_GATE)
                    .order(ActivationOrder.PRE)
                    .build(),
            varied("dropout", BlockKind.BOTTLENECK, ShortcutOption.DROPOUT).build(),
            varied("pooled", BlockKind.BASIC, ShortcutOption.A)
                    .transition(Transition.POOL, 1)
                    .depths(List.of(2, 0))
                    .build(),
            varied("norm after addition", BlockKind.BASIC, ShortcutOption.B)
                    .order(ActivationOrder.NORM_AFTER_ADDITION)
                    .build(),
            varied("ReLU before addition", BlockKind.BASIC, ShortcutOption.A)
                    .order(ActivationOrder.RELU_BEFORE_ADDITION)
                    .build(),
            varied("without normalization", BlockKind.BOTTLENECK, ShortcutOption.B)
                    .order(ActivationOrder.WITHOUT_NORM)
                    .build(),
            varied("ReLU-only pre-activation", BlockKind.BOTTLENECK, ShortcutOption.B)
                    .order(ActivationOrder.RELU_ONLY_PRE)
                    .build(),
            varied("pre-activation bottleneck", BlockKind.BOTTLENECK, ShortcutOption.B)
                    .order(ActivationOrder.PRE)
                    .build());

    private static ResNetSpec tiny(Stem stem, BlockKind block, ShortcutOption shortcuts, StridePlacement placement) {
        String name = (stem + " " + block + " " + shortcuts + " " + placement).toLowerCase(Locale.ROOT);
        return varied(name, block, shortcuts)
                .stem(stem)
                .stridePlacement(placement)
                .build();
    }

    static ResNetSpec.Builder varied(String name, BlockKind block, ShortcutOption shortcuts) {
        return ResNetSpec.builder(name)
                .stem(Stem.SMALL_IMAGE)
                .block(block)
                .depths(List.of(2, 1))
                .widths(List.of(6, 10))
                .shortcuts(shortcuts)
                .classes(7)
                .images(20, 3);
    }

    static List<Named<Kernels>> kernels() {
        return LayerRun.kernels();
    }

    static Tensor images(int batch, ResNetSpec spec) {
        var shape = Shape.of(batch, spec.imageSize(), spec.imageSize(), spec.inChannels());
        return Tensor.wrap(new RandomArrays(11).normal(shape.size(), 0, 1), shape);
    }

    @Test
    void aTrainingStepHasTheSameBitsForEveryNumberOfThreads() {
        ResNetSpec spec = ResNets.named("resnet20");
        Tensor images = images(16, spec);
        Step expected = Step.of(ResNet.create(spec, 1), images, KernelLookup.vector(), 1);
        for (int threads : new int[] {2, 3}) {
            Step step = Step.of(ResNet.create(spec, 1), images, KernelLookup.vector(), threads);
            assertSameBits(expected.scores(), step.scores(), "scores with " + threads + " threads");
            expected.state()
                    .forEach((name, values) -> assertSameBits(
                            values, step.state().getOrDefault(name, new float[0]), name + ", " + threads));
        }
    }

    @Test
    void theSameStepTwiceHasTheSameBits() {
        for (ResNetSpec spec : SPECS) {
            Tensor images = images(3, spec);
            Step first = Step.of(ResNet.create(spec, 5), images, KernelLookup.vector(), 2);
            Step second = Step.of(ResNet.create(spec, 5), images, KernelLookup.vector(), 2);
            assertSameBits(first.scores(), second.scores(), spec.name());
            first.state()
                    .forEach((name, values) ->
                            assertSameBits(values, second.state().getOrDefault(name, new float[0]), name));
        }
    }

    /**
     * With this seed no activation is so close to zero that rounding determines its side of ReLU. Such an activation
     * changes gradients by a thousandth of their size between any two implementations.
     */
    @Test
    void scalarAndVectorNetworksAgree() {
        var specs = new ArrayList<>(SPECS);
        specs.add(ResNets.named("resnet20"));
        for (ResNetSpec spec : specs) {
            Tensor images = images(3, spec);
            Step scalar = Step.of(ResNet.create(spec, 2), images, KernelLookup.scalar(), 1);
            Step vector = Step.of(ResNet.create(spec, 2), images, KernelLookup.vector(), 1);
            assertClose(scalar.scores(), vector.scores(), scalar.scores().length, 1e-4, spec.name());
            scalar.state()
                    .forEach((name, values) -> assertClose(
                            values,
                            vector.state().getOrDefault(name, new float[0]),
                            values.length,
                            1e-4,
                            spec.name() + ", " + name));
        }
    }

    @ParameterizedTest
    @FieldSource("SPECS")
    void computingTheInsideOfBlocksAgainGivesTheSameBits(ResNetSpec spec) {
        Tensor images = images(3, spec);
        try (var workers = new Workers(2)) {
            Step kept = Step.of(
                    ResNet.create(spec, 1),
                    images,
                    new Tape(new Workspace(new Compute(KernelLookup.vector(), workers))));
            Step again = Step.of(
                    ResNet.create(spec, 1),
                    images,
                    Tape.frugal(new Workspace(new Compute(KernelLookup.vector(), workers))));
            assertSameBits(kept.scores(), again.scores(), spec.name());
            kept.state()
                    .forEach((name, values) ->
                            assertSameBits(values, again.state().getOrDefault(name, new float[0]), name));
        }
    }

    @ParameterizedTest
    @FieldSource("SPECS")
    void computingTheInsideOfBlocksAgainLeavesOutTheSameBranches(ResNetSpec spec) {
        Tensor images = images(3, spec);
        try (var workers = new Workers(2)) {
            var whole = new Tape(new Workspace(new Compute(KernelLookup.vector(), workers)));
            var frugal = Tape.frugal(new Workspace(new Compute(KernelLookup.vector(), workers)));
            Step all = Step.of(ResNet.create(spec, 1), images, whole);
            for (Tape tape : List.of(whole, frugal)) {
                tape.begin(new StepRandom(5, Optional.of(new StochasticDepth(0.7))));
            }
            Step kept = Step.of(ResNet.create(spec, 1), images, whole);
            Step again = Step.of(ResNet.create(spec, 1), images, frugal);
            assertSameBits(kept.scores(), again.scores(), spec.name());
            kept.state()
                    .forEach((name, values) ->
                            assertSameBits(values, again.state().getOrDefault(name, new float[0]), name));
            assertFalse(Arrays.equals(all.scores(), kept.scores()), "something was left out");
        }
    }

    @Test
    void computingTheInsideOfBlocksAgainTakesLessThanHalfTheMemory() {
        ResNetSpec spec = ResNets.named("resnet110");
        Tensor images = images(2, spec);
        try (var workers = new Workers(2)) {
            var whole = new Workspace(new Compute(KernelLookup.vector(), workers));
            var frugal = new Workspace(new Compute(KernelLookup.vector(), workers));
            ResNet network = ResNet.create(spec, 1);
            for (int step = 0; step < 2; step++) {
                Step.of(network, images, new Tape(whole));
                Step.of(network, images, Tape.frugal(frugal));
            }
            long frugalBytes = frugal.allocatedBytes();
            long wholeBytes = whole.allocatedBytes();
            assertTrue(2 * frugalBytes < wholeBytes, () -> frugalBytes + " bytes instead of " + wholeBytes);
        }
    }

    /**
     * Small buffers are exchanged for some steps until the assignment is stable; then nothing is allocated any longer.
     */
    @ParameterizedTest
    @FieldSource("SPECS")
    void stepsAfterTheFirstMakeHardlyANewBufferAndSoonNone(ResNetSpec spec) {
        ResNet network = ResNet.create(spec, 1);
        Tensor images = images(4, spec);
        try (var workers = new Workers(1)) {
            var workspace = new Workspace(new Compute(KernelLookup.vector(), workers));
            var tape = new Tape(workspace);
            Step.of(network, images, tape);
            long first = workspace.allocatedBytes();
            for (int step = 0; step < 15; step++) {
                Step.of(network, images, tape);
                workspace.release(network.predict(images, workspace));
            }
            long settled = workspace.allocatedBytes();
            assertTrue(settled - first <= 0.01 * first, () -> first + " bytes became " + settled);
            for (int step = 0; step < 5; step++) {
                Step.of(network, images, tape);
                workspace.release(network.predict(images, workspace));
            }
            assertEquals(settled, workspace.allocatedBytes());
        }
    }

    @Test
    void aSmallerLastBatchSoonNeedsNoNewMemory() {
        ResNetSpec spec = SPECS.getFirst();
        ResNet network = ResNet.create(spec, 1);
        try (var workers = new Workers(1)) {
            var workspace = new Workspace(new Compute(KernelLookup.vector(), workers));
            var tape = new Tape(workspace);
            long settled = 0;
            for (int epoch = 0; epoch < 15; epoch++) {
                Step.of(network, images(8, spec), tape);
                Step.of(network, images(3, spec), tape);
                settled = epoch < 10 ? workspace.allocatedBytes() : settled;
            }
            assertEquals(settled, workspace.allocatedBytes());
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void blocksOfAZeroInitializedNetworkBeginAsTheirShortcuts(Kernels kernels) {
        ResNetSpec spec = ResNets.named("resnet20").withZeroInitResidual(true);
        int identities = 0;
        try (var workers = new Workers(1)) {
            var tape = new Tape(new Workspace(new Compute(kernels, workers)));
            for (ResidualBlock block : ResNet.create(spec, 1).blocks()) {
                if (block.shortcut() instanceof IdentityShortcut) {
                    identities++;
                    int channels = block.lastNorm().scale().value().size();
                    Tensor x = Tensor.wrap(
                            new RandomArrays(6).normal(2 * 6 * 5 * channels, 0, 1), Shape.of(2, 6, 5, channels));
                    double[] expected = DoubleReference.relu(widen(x.array()));
                    assertClose(expected, block.forward(x, tape).array(), 0, block.name());
                    assertClose(expected, block.predict(x, tape.workspace()).array(), 0, block.name());
                }
            }
        }
        assertEquals(7, identities);
    }

    /** With running statistics equal to those of the batch, evaluation gives the results of training. */
    @ParameterizedTest
    @FieldSource("SPECS")
    void evaluationByTheStatisticsOfTheBatchIsTraining(ResNetSpec spec) {
        assumeTrue(spec.shortcuts() != ShortcutOption.DROPOUT, "evaluation drops nothing");
        ResNet network = ResNet.create(spec, 2);
        Tensor images = images(6, spec);
        var pixels = new HashMap<String, Integer>();
        for (LayerSummary line : Description.of(Graph.of(network, images.shape()))) {
            if (line.outputShape().rank() == 4) {
                pixels.put(
                        line.name(),
                        line.outputShape().size() / line.outputShape().extent(3));
            }
        }
        Step trained = Step.of(network, images, KernelLookup.vector(), 1);
        // The running statistics moved one tenth from 0 and 1, so the batch's own follow from them.
        for (StateBuffer buffer : network.buffers()) {
            float[] values = buffer.value().array();
            int dot = buffer.name().lastIndexOf('.');
            double n = pixels.get(buffer.name().substring(0, dot));
            boolean isMean = buffer.name().endsWith("running_mean");
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (isMean ? values[i] / 0.1 : (values[i] - 0.9) / 0.1 * (n - 1) / n);
            }
        }
        try (var workers = new Workers(1)) {
            Tensor scores = network.predict(images, new Workspace(new Compute(KernelLookup.vector(), workers)));
            assertClose(trained.scores(), scores.array(), scores.size(), 1e-4, spec.name());
        }
    }

    @Test
    void imagesOfOtherSizesAndOneChannelAreTaken() {
        ResNetSpec spec = SPECS.get(1).withImages(20, 1);
        ResNet network = ResNet.create(spec, 1);
        try (var workers = new Workers(1)) {
            var workspace = new Workspace(new Compute(KernelLookup.vector(), workers));
            for (int[] size : new int[][] {{7, 7}, {33, 29}, {64, 1}}) {
                Tensor images = Tensor.zeros(2, size[0], size[1], 1);
                assertEquals(Shape.of(2, 7), network.predict(images, workspace).shape());
                assertEquals(
                        Shape.of(2, 10), network.features(images, workspace).shape());
            }
        }
    }

    @Test
    void imagesWithOtherChannelsAreRefused() {
        ResNet network = ResNet.create(SPECS.getFirst(), 1);
        try (var workers = new Workers(1)) {
            var workspace = new Workspace(new Compute(KernelLookup.vector(), workers));
            Tensor gray = Tensor.zeros(2, 20, 20, 1);
            var thrown = assertThrows(ShapeMismatchException.class, () -> network.predict(gray, workspace));
            assertEquals("conv2d conv1: expected shape [N, H, W, 3], got [2, 20, 20, 1]", thrown.getMessage());
        }
    }

    @Test
    void thePredictionOfAnImageDoesNotDependOnItsBatch() {
        for (ResNetSpec spec : SPECS) {
            ResNet network = ResNet.create(spec, 1);
            Tensor images = images(5, spec);
            int imageFloats = images.size() / 5;
            try (var workers = new Workers(1)) {
                var workspace = new Workspace(new Compute(KernelLookup.vector(), workers));
                float[] all = network.predict(images, workspace).copy().array();
                for (int n = 0; n < 5; n++) {
                    float[] pixels = Arrays.copyOfRange(images.array(), n * imageFloats, (n + 1) * imageFloats);
                    Tensor one = Tensor.wrap(pixels, images.shape().withBatch(1));
                    float[] scores = network.predict(one, workspace).copy().array();
                    assertArrayEquals(Arrays.copyOfRange(all, n * 7, (n + 1) * 7), scores, 1e-5f, spec.name());
                }
            }
        }
    }

    @Test
    void theDescriptionGoesFromTheImagesToTheScores() {
        ResNetSpec spec = SPECS.get(2);
        ResNet network = ResNet.create(spec, 0);
        List<LayerSummary> lines = Description.of(Graph.of(network, Shape.of(1, 64, 64, 3)));
        assertEquals("conv1", lines.getFirst().name());
        assertEquals(Shape.of(1, 32, 32, 6), lines.getFirst().outputShape());
        assertEquals(Shape.of(1, 16, 16, 6), lines.get(2).outputShape(), "after max pooling");
        assertEquals("fc", lines.getLast().name());
        assertEquals(Shape.of(1, 7), lines.getLast().outputShape());
        assertTrue(lines.stream().anyMatch(line -> line.name().equals("layer2.0.downsample.0")));
        assertEquals(Shape.of(3, 7), network.outputShape(Shape.of(3, 64, 64, 3)));
        assertThrows(ShapeMismatchException.class, () -> network.outputShape(Shape.of(1, 64, 64, 2)));
    }
}
