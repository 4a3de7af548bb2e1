package org.resnet4j.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.resnet4j.inference.Results.assertClose;
import static org.resnet4j.inference.Results.assertSameBits;
import static org.resnet4j.inference.Results.rows;
import static org.resnet4j.pytorch.Closeness.assertSummary;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Operation;
import org.resnet4j.graph.Stage;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.pytorch.PyTorchFixture;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

class FeatureMapTest {
    /** The tolerance, relative to the root mean square of a map. */
    private static final double FROM_PYTORCH = 2e-5;

    private static final double FROM_POOLING = 1e-5;

    private static InferencePlan plan(ResNet network, Kernels kernels, Workers workers, int size) {
        return InferencePlan.compile(network, new PlanOptions(new Compute(kernels, workers), 1, size, size));
    }

    /** Uses one plan for each network, compiled for a size other than that of the images. */
    @TestFactory
    Stream<DynamicTest> mapsAreThoseOfTimm() {
        return PyTorchFixture.read("feature_maps").children("networks").stream()
                .map(fixture -> DynamicTest.dynamicTest(fixture.toString(), () -> {
                    ResNet network = StreamNetworks.create(ResNets.named(fixture.text("name")));
                    Tensor images = StreamNetworks.images(
                            fixture.integer("batch"), fixture.integer("height"), fixture.integer("width"));
                    try (var workers = new Workers(2)) {
                        InferencePlan plan = plan(network, KernelLookup.vector(), workers, 128);
                        check(fixture, plan.stages(), plan.featureMaps(images));
                    }
                }));
    }

    private static void check(PyTorchFixture fixture, List<Stage> stages, List<Tensor> maps) {
        List<PyTorchFixture> expected = fixture.children("maps");
        assertEquals(expected.size(), maps.size());
        for (int i = 0; i < maps.size(); i++) {
            Tensor map = maps.get(i);
            PyTorchFixture one = expected.get(i);
            String module = one.text("module");
            assertEquals(i == 0 ? "stem" : module, stages.get(i).name());
            assertEquals(one.integer("channels"), map.shape().extent(3));
            assertEquals(one.integer("reduction"), stages.get(i).stride());
            int[] shape =
                    one.integers("shape").stream().mapToInt(extent -> extent).toArray();
            assertEquals(Shape.of(shape), map.shape(), module);
            assertSummary(module, one.child("values"), map.size(), map.array(), FROM_PYTORCH);
        }
    }

    private static Stream<ResNetSpec> networks() {
        Stream<ResNetSpec> catalogue = Stream.of(
                        "resnet20", "resnet18d", "seresnet18", "preresnet110", "preresnet164", "plain20", "resnetv2_50")
                .map(ResNets::named);
        Stream<ResNetSpec> orders = Stream.of(ActivationOrder.values())
                .filter(order -> order != ActivationOrder.PRE)
                .map(order -> ResNets.named("resnet20").withOrder(order));
        return Stream.of(catalogue, orders, Stream.of(StreamNetworks.smallPhotographs()))
                .flatMap(specs -> specs);
    }

    @TestFactory
    Stream<DynamicTest> theLastMapPooledIsTheEmbedding() {
        return networks()
                .map(spec ->
                        DynamicTest.dynamicTest(spec.name() + " " + spec.block().order(), () -> {
                            ResNet network = StreamNetworks.create(spec);
                            Tensor images = StreamNetworks.images(2, 45, 51);
                            Tensor features = Tensor.zeros(2, spec.features());
                            try (var workers = new Workers(2)) {
                                for (Kernels kernels : List.of(KernelLookup.vector(), KernelLookup.scalar())) {
                                    InferencePlan plan = plan(network, kernels, workers, 33);
                                    plan.features(images, features);
                                    Tensor last = plan.featureMaps(images).getLast();
                                    assertClose(kernels.name(), features, pooled(behind(network, last)), FROM_POOLING);
                                }
                            }
                        }));
    }

    /** Applies the layers between the blocks and the pooling: normalization and ReLU, ReLU alone, or nothing. */
    private static Tensor behind(ResNet network, Tensor map) {
        Graph graph = Graph.of(network, 32);
        int last = graph.blocks().getLast().output();
        Tensor values = map;
        for (var node : graph.nodes()) {
            if (node.id() > last && node.operation() instanceof Operation.Affine norm) {
                values = normalized(norm, values);
            } else if (node.id() > last && node.operation() instanceof Operation.Relu) {
                values = rectified(values);
            }
        }
        return values;
    }

    private static Tensor normalized(Operation.Affine norm, Tensor map) {
        Tensor result = Tensor.zeros(map.shape());
        for (int i = 0; i < map.size(); i++) {
            int channel = i % norm.channels();
            result.array()[i] = (float) (norm.factor(channel) * map.array()[i] + norm.offset(channel));
        }
        return result;
    }

    private static Tensor rectified(Tensor map) {
        Tensor result = Tensor.zeros(map.shape());
        for (int i = 0; i < map.size(); i++) {
            result.array()[i] = Math.max(0, map.array()[i]);
        }
        return result;
    }

    private static Tensor pooled(Tensor map) {
        int images = map.shape().extent(0);
        int pixels = map.shape().extent(1) * map.shape().extent(2);
        int channels = map.shape().extent(3);
        Tensor means = Tensor.zeros(images, channels);
        for (int image = 0; image < images; image++) {
            for (int c = 0; c < channels; c++) {
                double sum = 0;
                for (int pixel = 0; pixel < pixels; pixel++) {
                    sum += map.array()[(image * pixels + pixel) * channels + c];
                }
                means.array()[image * channels + c] = (float) (sum / pixels);
            }
        }
        return means;
    }

    @Test
    void imagesOfABatchHaveTheMapsOfSingleOnesAndPredictionsStayAsTheyWere() {
        ResNet network = StreamNetworks.create(StreamNetworks.smallPhotographs());
        Tensor images = StreamNetworks.images(5, 64, 64);
        try (var workers = new Workers(2)) {
            InferencePlan plan = InferencePlan.compile(
                    network, new PlanOptions(new Compute(KernelLookup.vector(), workers), 5, 64, 64));
            Tensor before = plan.predict(images);
            long bytes = plan.bufferBytes();
            List<Tensor> maps = plan.featureMaps(images);
            for (int image = 0; image < 5; image++) {
                List<Tensor> alone = plan.featureMaps(rows(images, image, 1));
                for (int i = 0; i < maps.size(); i++) {
                    assertSameBits(plan.stages().get(i).name(), alone.get(i), rows(maps.get(i), image, 1));
                }
            }
            assertSameBits("predictions", before, plan.predict(images));
            assertEquals(bytes, plan.bufferBytes());
        }
    }

    @Test
    void mapsBelongToTheCaller() {
        ResNet network = StreamNetworks.create(ResNets.named("resnet8"));
        Tensor images = StreamNetworks.images(1, 32, 32);
        try (var workers = new Workers(1)) {
            InferencePlan plan = plan(network, KernelLookup.vector(), workers, 32);
            List<Tensor> first = plan.featureMaps(images);
            List<Tensor> copies = first.stream()
                    .map(map -> Tensor.wrap(map.array().clone(), map.shape()))
                    .toList();
            List<Tensor> second = plan.featureMaps(StreamNetworks.images(1, 29, 31));
            for (int i = 0; i < first.size(); i++) {
                assertNotSame(first.get(i).array(), second.get(i).array());
                assertSameBits(plan.stages().get(i).name(), copies.get(i), first.get(i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void manyThreadsGetTheMapsOfOne(int workerThreads) throws Exception {
        ResNet network = StreamNetworks.create(ResNets.named("resnet20"));
        Tensor images = StreamNetworks.images(1, 32, 32);
        try (var workers = new Workers(workerThreads);
                var pool = Executors.newFixedThreadPool(4)) {
            InferencePlan plan = plan(network, KernelLookup.vector(), workers, 32);
            Tensor expected = plan.featureMaps(images).getLast();
            List<Callable<Tensor>> calls = IntStream.range(0, 40)
                    .<Callable<Tensor>>mapToObj(
                            i -> () -> plan.featureMaps(images).getLast())
                    .toList();
            for (var answer : pool.invokeAll(calls)) {
                assertSameBits("maps", expected, answer.get());
            }
        }
    }

    @Test
    void imagesThatTheNetworkCannotTakeAreRefused() {
        try (var workers = new Workers(1)) {
            InferencePlan plan =
                    plan(StreamNetworks.create(ResNets.named("resnet8")), KernelLookup.scalar(), workers, 32);
            assertThrows(ShapeMismatchException.class, () -> plan.featureMaps(Tensor.zeros(1, 32, 32, 1)));
            assertThrows(ShapeMismatchException.class, () -> plan.featureMaps(Tensor.zeros(0, 32, 32, 3)));
        }
    }
}
