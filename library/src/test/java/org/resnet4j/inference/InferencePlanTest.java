package org.resnet4j.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.resnet4j.inference.Results.assertClose;
import static org.resnet4j.inference.Results.assertSameBits;
import static org.resnet4j.inference.Results.rows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.Workspace;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.BlockKind;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.resnet.Stem;
import org.resnet4j.resnet.StridePlacement;
import org.resnet4j.resnet.Transition;
import org.resnet4j.tensor.NonFiniteScoresException;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

/**
 * Tests the results of plans for any number and size of images and any number of threads, and the rejection of invalid
 * arguments.
 */
class InferencePlanTest {
    private static final Workers WORKERS = new Workers(2);
    private static final double TOLERANCE = 1e-5;

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    private static InferencePlan plan(ResNet network, int batch, int height, int width) {
        return plan(network, KernelLookup.vector(), WORKERS, batch, height, width);
    }

    private static InferencePlan plan(
            ResNet network, Kernels kernels, Workers workers, int batch, int height, int width) {
        return InferencePlan.compile(network, new PlanOptions(new Compute(kernels, workers), batch, height, width));
    }

    private static Tensor layers(ResNet network, Kernels kernels, Tensor images) {
        return network.predict(images, new Workspace(new Compute(kernels, WORKERS)));
    }

    /** Returns the tested networks. Some are computed image by image at first; see {@code PlanBuilderTest}. */
    private static List<ResNet> networks() {
        return List.of(
                StreamNetworks.create(ResNets.named("resnet20")),
                StreamNetworks.create(ResNets.named("plain20")),
                StreamNetworks.create(StreamNetworks.smallPhotographs()));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void aPlanForTheFirstCallComputesEveryConvolutionByItsDefinition(ResNet network) {
        Tensor images = StreamNetworks.images(2, 37, 29);
        Tensor expected = layers(network, KernelLookup.vector(), images);
        for (Kernels kernels : List.of(KernelLookup.vector(), KernelLookup.scalar())) {
            var options =
                    new PlanOptions(new Compute(kernels, WORKERS), 2, 37, 29).withGoal(PlanOptions.Goal.FIRST_CALL);
            InferencePlan plan = InferencePlan.compile(network, options);
            assertTrue(plan.steps().stream().noneMatch(step -> step.algorithm().startsWith("winograd")));
            Results.assertClose(kernels.name(), expected, plan.predict(images), TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void inEveryBatchAnImageHasTheBitsThatItHasAlone(ResNet network) {
        Tensor images = StreamNetworks.images(17, 37, 29);
        Tensor expected = layers(network, KernelLookup.vector(), images);
        for (int compiledFor : List.of(1, 16)) {
            InferencePlan plan = plan(network, compiledFor, 37, 29);
            List<Tensor> alone = new ArrayList<>();
            for (int image = 0; image < 17; image++) {
                alone.add(plan.predict(rows(images, image, 1)));
            }
            for (int batch = 1; batch <= 17; batch++) {
                int from = 17 - batch;
                Tensor logits = plan.predict(rows(images, from, batch));
                assertClose("batch of " + batch, rows(expected, from, batch), logits, TOLERANCE);
                for (int image = 0; image < batch; image++) {
                    String what = "image " + image + " in a batch of " + batch + ", compiled for " + compiledFor;
                    assertSameBits(what, alone.get(from + image), rows(logits, image, 1));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void everyNumberOfThreadsGivesTheSameBits(ResNet network) {
        Tensor images = StreamNetworks.images(7, 37, 29);
        for (Kernels kernels : List.of(KernelLookup.vector(), KernelLookup.scalar())) {
            Tensor several = kernels.name().equals("scalar") ? rows(images, 0, 2) : images;
            Tensor single = rows(images, 6, 1);
            Tensor expected = null;
            Tensor expectedSingle = null;
            for (int threads : List.of(1, 2, 3, 5)) {
                try (var workers = new Workers(threads)) {
                    InferencePlan plan = plan(network, kernels, workers, 2, 37, 29);
                    Tensor logits = plan.predict(several);
                    Tensor logitsOfSingle = plan.predict(single);
                    expected = expected == null ? logits : expected;
                    expectedSingle = expectedSingle == null ? logitsOfSingle : expectedSingle;
                    String what = kernels.name() + ", " + threads + " threads";
                    assertSameBits(what, expected, logits);
                    assertSameBits(what + ", one image", expectedSingle, logitsOfSingle);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void aPlanComputesImagesOfSizesThatItWasNotCompiledFor(ResNet network) {
        List<InferencePlan> plans = List.of(
                plan(network, 1, 1, 1),
                plan(network, 1, 32, 32),
                plan(network, 16, 40, 24),
                plan(network, 3, 225, 161));
        for (int[] size : new int[][] {{3, 37, 29}, {1, 1, 1}, {2, 1, 70}, {5, 64, 2}, {1, 33, 32}}) {
            Tensor images = StreamNetworks.images(size[0], size[1], size[2]);
            Tensor expected = layers(network, KernelLookup.vector(), images);
            for (InferencePlan plan : plans) {
                assertClose(
                        Arrays.toString(size) + " by " + plan.steps().getFirst(),
                        expected,
                        plan.predict(images),
                        TOLERANCE);
            }
        }
    }

    private static List<ResNetSpec> everyKindOfNetwork() {
        var specs = new ArrayList<ResNetSpec>();
        for (Stem stem : Stem.values()) {
            for (BlockKind block : BlockKind.values()) {
                for (ShortcutOption shortcuts : ShortcutOption.values()) {
                    for (StridePlacement placement : StridePlacement.values()) {
                        ResNetSpec.Builder spec = ResNetSpec.builder(
                                        stem + " " + block + " " + shortcuts + " " + placement)
                                .stem(stem)
                                .stemWidth(6)
                                .block(block)
                                .depths(List.of(2, 1, 2))
                                .widths(List.of(6, 16, 16))
                                .stridePlacement(placement)
                                .shortcuts(shortcuts)
                                .classes(3)
                                .images(32, 3);
                        specs.add(spec.build());
                        specs.addAll(variants(spec.build()));
                    }
                }
            }
        }
        return specs;
    }

    /**
     * Returns a network with squeeze-and-excitation, with groups, and with every order of activations, as far as they
     * can be combined.
     */
    private static List<ResNetSpec> variants(ResNetSpec spec) {
        var variants = new ArrayList<ResNetSpec>();
        variants.add(spec.toBuilder().name(spec.name() + " SE").squeeze(4).build());
        if (spec.block().kind() == BlockKind.BOTTLENECK) {
            variants.add(
                    spec.toBuilder().name(spec.name() + " groups").groups(3, 32).build());
        }
        if (spec.stem().kind() != Stem.DEEP && spec.shortcuts() != ShortcutOption.D) {
            for (ActivationOrder order : ActivationOrder.values()) {
                variants.add(spec.toBuilder()
                        .name(spec.name() + " " + order)
                        .order(order)
                        .build());
            }
        }
        variants.add(spec.toBuilder()
                .name(spec.name() + " pooled")
                .transition(Transition.POOL, spec.stem().kind() == Stem.SMALL_IMAGE ? 2 : 1)
                .depths(spec.stem().kind() == Stem.SMALL_IMAGE ? List.of(1, 0, 2) : List.of(1, 0))
                .widths(spec.stem().kind() == Stem.SMALL_IMAGE ? List.of(8, 6, 16) : List.of(8, 6))
                .build());
        return variants;
    }

    @ParameterizedTest
    @MethodSource("everyKindOfNetwork")
    void everyKindOfNetworkGivesWhatItsLayersGive(ResNetSpec spec) {
        ResNet network = StreamNetworks.create(spec);
        Tensor images = StreamNetworks.images(3, 21, 18);
        for (Kernels kernels : List.of(KernelLookup.vector(), KernelLookup.scalar())) {
            InferencePlan plan = plan(network, kernels, WORKERS, 1, 21, 18);
            assertClose(kernels.name(), layers(network, kernels, images), plan.predict(images), TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void featuresAreWhatTheLinearLayerSees(ResNet network) {
        int width = network.spec().features();
        for (int batch : List.of(1, 3)) {
            Tensor images = StreamNetworks.images(batch, 37, 29);
            for (Kernels kernels : List.of(KernelLookup.vector(), KernelLookup.scalar())) {
                InferencePlan plan = plan(network, kernels, WORKERS, 1, 32, 32);
                Tensor features = Tensor.zeros(batch, width);
                plan.features(images, features);
                assertClose(
                        kernels.name(),
                        network.features(images, new Workspace(new Compute(kernels, WORKERS))),
                        features,
                        TOLERANCE);
                Tensor together = Tensor.zeros(batch, width);
                Tensor logits = Tensor.zeros(batch, network.classes());
                plan.predict(images, together, logits);
                assertSameBits("features beside scores", features, together);
                assertSameBits("scores beside features", plan.predict(images), logits);
            }
        }
    }

    @Test
    void imagesAreLeftAsTheyAreAndResultsOfEarlierCallsToo() {
        for (ResNet network : networks()) {
            InferencePlan plan = plan(network, 1, 37, 29);
            Tensor images = StreamNetworks.images(3, 37, 29);
            Tensor untouched = images.copy();
            Tensor first = plan.predict(images);
            Tensor kept = first.copy();
            plan.predict(StreamNetworks.images(5, 20, 33));
            assertSameBits("images", untouched, images);
            assertSameBits("first result", kept, first);
        }
    }

    /** Buffers are reused. Data left there by a call with other images must not have an effect. */
    @Test
    void nothingOfAnEarlierCallIsLeftInALaterOne() {
        for (ResNet network : networks()) {
            for (int batch : List.of(1, 3)) {
                Tensor images = StreamNetworks.images(batch, 21, 30);
                Tensor expected = plan(network, 1, 37, 29).predict(images);
                InferencePlan plan = plan(network, 1, 37, 29);
                for (int[] size : new int[][] {{40, 43}, {30, 21}}) {
                    Tensor poison = StreamNetworks.images(batch, size[0], size[1]);
                    Arrays.fill(poison.array(), Float.NaN);
                    assertThrows(
                            NonFiniteScoresException.class, () -> plan.predict(poison), "a plan does not hide NaN");
                    assertSameBits(network.spec().name(), expected, plan.predict(images));
                }
            }
        }
    }

    @Test
    void turnedImagesAreNotTakenForThoseOfTheCallBefore() {
        for (ResNet network : networks()) {
            for (int batch : List.of(1, 3)) {
                Tensor turned = StreamNetworks.images(batch, 30, 21);
                Tensor expected = plan(network, 1, 37, 29).predict(turned);
                InferencePlan plan = plan(network, 1, 37, 29);
                plan.predict(StreamNetworks.images(batch, 21, 30));
                assertSameBits(network.spec().name(), expected, plan.predict(turned));
            }
        }
    }

    @Test
    void laterChangesOfTheNetworkDoNotReachThePlan() {
        for (Kernels kernels : List.of(KernelLookup.vector(), KernelLookup.scalar())) {
            ResNet network = StreamNetworks.create(StreamNetworks.smallPhotographs());
            InferencePlan plan = plan(network, kernels, WORKERS, 1, 32, 32);
            Tensor images = StreamNetworks.images(2, 19, 23);
            Tensor before = plan.predict(images);
            network.parameters()
                    .forEach(parameter -> Arrays.fill(parameter.value().array(), 7));
            network.buffers().stream().map(StateBuffer::value).forEach(value -> Arrays.fill(value.array(), 7));
            assertSameBits(kernels.name(), before, plan.predict(images));
        }
    }

    @Test
    void runningStatisticsAndEpsilonAreFoldedAsPyTorchNormalizes() {
        ResNet network = StreamNetworks.create(StreamNetworks.smallPhotographs());
        // small enough for epsilon to matter
        network.buffers().stream()
                .filter(buffer -> buffer.name().endsWith("bn1.running_var"))
                .forEach(buffer -> Arrays.fill(buffer.value().array(), 0));
        Tensor images = StreamNetworks.images(1, 32, 32);
        assertClose(
                "without variance",
                layers(network, KernelLookup.vector(), images),
                plan(network, 1, 32, 32).predict(images),
                TOLERANCE);
    }

    private static void assertRefused(String what, ResNet network, Tensor images, String... inMessage) {
        InferencePlan plan = plan(network, KernelLookup.scalar(), WORKERS, 1, 32, 32);
        var exception = assertThrows(ShapeMismatchException.class, () -> plan.predict(images), what);
        for (String part : inMessage) {
            assertTrue(exception.getMessage().contains(part), exception.getMessage());
        }
        Tensor logits = Tensor.zeros(1, network.classes());
        Tensor features = Tensor.zeros(1, network.spec().features());
        assertThrows(ShapeMismatchException.class, () -> plan.predict(images, logits), what);
        assertThrows(ShapeMismatchException.class, () -> plan.features(images, features), what);
        assertThrows(ShapeMismatchException.class, () -> plan.predict(images, features, logits), what);
        // The plan still works after the failure.
        Tensor good = StreamNetworks.images(1, 9, 9);
        assertClose(what, layers(network, KernelLookup.scalar(), good), plan.predict(good), TOLERANCE);
    }

    @Test
    void imagesThatDoNotFitAreRefusedWithTheirShape() {
        for (ResNet network : networks()) {
            String name = network.spec().name();
            assertRefused("channels", network, Tensor.zeros(1, 32, 32, 1), name, "[N, H, W, 3]", "[1, 32, 32, 1]");
            assertRefused("channels first", network, Tensor.zeros(1, 3, 32, 32), name, "[1, 3, 32, 32]");
            assertRefused("rank", network, Tensor.zeros(32, 32, 3), name, "[32, 32, 3]");
            assertRefused("no rows", network, Tensor.zeros(1, 0, 32, 3), name, "at least 1", "[1, 0, 32, 3]");
            assertRefused("no columns", network, Tensor.zeros(2, 32, 0, 3), name, "at least 1", "[2, 32, 0, 3]");
            assertRefused("no images", network, Tensor.zeros(0, 32, 32, 3), name, "at least 1", "[0, 32, 32, 3]");
        }
    }

    @Test
    void resultsOfAnotherShapeAreRefusedWithIt() {
        ResNet network = StreamNetworks.create(StreamNetworks.smallPhotographs());
        InferencePlan plan = plan(network, KernelLookup.scalar(), WORKERS, 1, 32, 32);
        Tensor images = StreamNetworks.images(2, 16, 16);
        int width = network.spec().features();
        Tensor logits = Tensor.zeros(2, 7);
        Tensor features = Tensor.zeros(2, width);
        for (Tensor wrong : List.of(Tensor.zeros(2, 8), Tensor.zeros(1, 7), Tensor.zeros(7, 2), Tensor.zeros(14))) {
            for (var call :
                    List.<Runnable>of(() -> plan.predict(images, wrong), () -> plan.predict(images, features, wrong))) {
                var exception = assertThrows(ShapeMismatchException.class, call::run);
                assertEquals("logits: expected shape [2, 7], got " + wrong.shape(), exception.getMessage());
            }
        }
        for (Tensor wrong : List.of(Tensor.zeros(2, width - 1), Tensor.zeros(3, width), logits)) {
            for (var call :
                    List.<Runnable>of(() -> plan.features(images, wrong), () -> plan.predict(images, wrong, logits))) {
                var exception = assertThrows(ShapeMismatchException.class, call::run);
                assertEquals(
                        "features: expected shape [2, " + width + "], got " + wrong.shape(), exception.getMessage());
            }
        }
    }

    @Test
    void optionsRefuseWhatIsNotPositive() {
        for (int[] size : new int[][] {{0, 1, 1}, {1, 0, 1}, {1, 1, -1}}) {
            var exception = assertThrows(
                    IllegalArgumentException.class,
                    () -> new PlanOptions(new Compute(KernelLookup.scalar(), WORKERS), size[0], size[1], size[2]));
            assertTrue(
                    exception.getMessage().contains("batch " + size[0] + " and images of " + size[1] + "x" + size[2]),
                    exception.getMessage());
        }
    }
}
