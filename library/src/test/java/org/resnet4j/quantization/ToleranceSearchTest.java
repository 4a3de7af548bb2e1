package org.resnet4j.quantization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.inference.StreamNetworks;
import org.resnet4j.model.Model;
import org.resnet4j.model.config.ModelConfig;
import org.resnet4j.quantization.CalibratedNetwork.Sensitivity;
import org.resnet4j.quantization.ToleranceSearch.Found;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.StateDict;

class ToleranceSearchTest {
    private static final List<String> COARSE = List.of("layer1.0.conv2", "layer3.0.conv2");

    private static Compute compute;
    private static CalibratedNetwork network;

    /** Images of noise. */
    private record Noise(int size) implements Dataset {
        @Override
        public List<String> classes() {
            return ModelConfig.numbered(10);
        }

        @Override
        public int label(int sample) {
            return 0;
        }

        @Override
        public Image image(int sample) {
            var pixels = new byte[16 * 16 * 3];
            new Random(sample).nextBytes(pixels);
            return new Image(16, 16, 3, pixels);
        }

        @Override
        public String origin(int sample) {
            return "noise#" + sample;
        }
    }

    /**
     * Gives the second convolution of a block huge weights for a channel that is always 0. Nothing changes in float32,
     * but the scales of its weights become so coarse that all others round to 0.
     */
    private static void coarsen(StateDict state, String block) {
        tensor(state, block + ".bn1.weight").array()[0] = 0;
        tensor(state, block + ".bn1.bias").array()[0] = -1;
        Tensor weight = tensor(state, block + ".conv2.weight");
        int out = weight.shape().extent(0);
        int in = weight.shape().extent(1);
        int places = weight.size() / out / in;
        for (int k = 0; k < out; k++) {
            for (int place = 0; place < places; place++) {
                weight.array()[k * in * places + place] = 1e4f;
            }
        }
    }

    private static Tensor tensor(StateDict state, String name) {
        Tensor tensor = state.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(name);
        }
        return tensor;
    }

    @BeforeAll
    static void calibrate() throws IOException {
        ResNetSpec spec = ResNets.named("resnet8").withImages(16, 3);
        ResNet trained = StreamNetworks.create(spec);
        StateDict state = ResNetState.stateDict(trained);
        for (String layer : COARSE) {
            coarsen(state, layer.substring(0, layer.lastIndexOf('.')));
        }
        ResNetState.load(trained, state);
        var transform = EvaluationTransform.ofCropPct(16, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        var model = new Model(trained, ModelConfig.numbered(spec.classes()), transform);
        compute = Compute.best(1);
        network = new Quantizer(model, compute)
                .calibrate(new Noise(16), 16, LoaderOptions.of(4).withThreads(1), _ -> {});
    }

    @AfterAll
    static void close() {
        compute.close();
    }

    private static Optional<Found<Double>> find(Set<String> kept, double limit) throws IOException {
        ToleranceSearch.Judge<Double> judge =
                candidate -> candidate.error() <= limit ? Optional.of(candidate.error()) : Optional.empty();
        return new ToleranceSearch<>(network, judge).find(kept, () -> network.sensitivities(kept, _ -> {}));
    }

    private static Set<String> names(Found<?> found) {
        return found.layers().stream().map(Sensitivity::layer).collect(Collectors.toSet());
    }

    @Test
    void theLayersWithCoarseWeightsAreTheMostSensitive() {
        List<Sensitivity> order = network.sensitivities(Set.of(), _ -> {});
        assertEquals(10, order.size());
        assertEquals(
                Set.copyOf(COARSE),
                order.subList(0, 2).stream().map(Sensitivity::layer).collect(Collectors.toSet()));
        for (int i = 1; i < order.size(); i++) {
            assertTrue(order.get(i - 1).error() >= order.get(i).error(), order.toString());
        }
        assertTrue(order.get(1).error() > 0.1 && order.get(2).error() < 0.05, order.toString());
    }

    @Test
    void exactlyTheLayersWithCoarseWeightsStayInFloat32() throws IOException {
        Found<Double> found = find(Set.of(), 0.05).orElseThrow();
        assertEquals(Set.copyOf(COARSE), names(found));
        assertEquals(COARSE, found.network().kept());
        assertEquals(found.measured(), found.network().error());
        assertEquals(found.layers(), find(Set.of(), 0.05).orElseThrow().layers());
    }

    @Test
    void layersThatStayAnywayAreNotCounted() throws IOException {
        Found<Double> found = find(Set.of(COARSE.getFirst(), "fc"), 0.05).orElseThrow();
        assertEquals(Set.of(COARSE.getLast()), names(found));
        assertEquals(
                List.of("layer1.0.conv2", "layer3.0.conv2", "fc"),
                found.network().kept());
    }

    @Test
    void nothingStaysIfThatIsGoodEnough() throws IOException {
        Found<Double> found = find(Set.of(), 10).orElseThrow();
        assertEquals(List.of(), found.layers());
        assertEquals(List.of(), found.network().kept());
    }

    @Test
    void thereIsNoResultIfNothingIsGoodEnough() throws IOException {
        assertEquals(Optional.empty(), find(Set.of(), 0));
    }

    /** Accepts only networks that keep the third layer of the order, whatever else they keep. */
    @Test
    void layersThatAreNotNeededAreLeftOut() throws IOException {
        List<String> order = network.sensitivities(Set.of(), _ -> {}).stream()
                .map(Sensitivity::layer)
                .toList();
        var tried = new ArrayList<List<String>>();
        var search = new ToleranceSearch<String>(network, candidate -> {
            tried.add(candidate.kept());
            return candidate.kept().contains(order.get(2)) ? Optional.of("accepted") : Optional.empty();
        });
        var measured = new ArrayList<Integer>();
        Found<String> found = search.find(Set.of(), () -> network.sensitivities(Set.of(), measured::add))
                .orElseThrow();
        assertEquals(Set.of(order.get(2)), names(found));
        assertEquals(10, measured.size());
        assertEquals(List.of(0, 1, 2, 3, 2, 1), tried.stream().map(List::size).toList());
    }

    @Test
    void aFailureOfTheJudgeEndsTheSearch() {
        var search = new ToleranceSearch<String>(network, _ -> {
            throw new IOException("no picture");
        });
        assertEquals(
                "no picture",
                assertThrows(IOException.class, () -> search.find(Set.of(), List::of))
                        .getMessage());
    }

    @Test
    void layersOfOtherNamesAndAllLayersAreRejected() {
        var unknown = assertThrows(IllegalArgumentException.class, () -> network.quantize(Set.of("layer9")));
        assertTrue(unknown.getMessage().startsWith("the network has no layer layer9; its layers are conv1, "));
        Set<String> all = network.sensitivities(Set.of(), _ -> {}).stream()
                .map(Sensitivity::layer)
                .collect(Collectors.toSet());
        var none = assertThrows(IllegalArgumentException.class, () -> network.quantize(all));
        assertEquals("all 10 layers of the network stay in float32", none.getMessage());
    }
}
