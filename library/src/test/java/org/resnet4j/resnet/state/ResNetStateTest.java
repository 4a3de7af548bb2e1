package org.resnet4j.resnet.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.resnet4j.kernel.Closeness.assertSameBits;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.resnet.Stem;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.StateDict;
import org.resnet4j.weights.TensorSource;

class ResNetStateTest {
    private static final ResNetSpec TINY = ResNetSpec.builder("tiny")
            .stem(Stem.SMALL_IMAGE)
            .depths(List.of(1, 1))
            .widths(List.of(4, 8))
            .classes(5)
            .images(8, 3)
            .build();

    /** Returns names and shapes as written by timm, in its order. */
    private static Map<String, String> published(String name) throws IOException {
        try (var file = ResNetStateTest.class.getResourceAsStream("/resnet/" + name + "-state.txt")) {
            assertTrue(file != null, "the list of names is missing");
            var shapes = new LinkedHashMap<String, String>();
            for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                int space = line.indexOf(' ');
                shapes.put(line.substring(0, space), line.substring(space + 1));
            }
            return shapes;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnet18", "resnet50"})
    void namesShapesAndOrderAreThoseOfTorchvision(String name) throws IOException {
        Map<String, String> published = published(name);
        ResNet network = ResNet.create(ResNets.named(name), 0);
        assertEquals(
                published.keySet().stream()
                        .filter(key -> !key.contains(".running_"))
                        .toList(),
                network.parameters().stream().map(Parameter::name).toList());
        assertEquals(
                published.keySet().stream()
                        .filter(key -> key.contains(".running_"))
                        .toList(),
                network.buffers().stream().map(StateBuffer::name).toList());
        StateDict state = ResNetState.stateDict(network);
        assertEquals(published.size(), state.size());
        published.forEach((key, shape) -> {
            Tensor tensor = state.get(key);
            assertTrue(tensor != null, key);
            assertEquals(shape, tensor.shape().toString(), key);
        });
    }

    @Test
    void aSourceReadsTheTensorsOfACopyInAnyOrderAndInParts() throws IOException {
        ResNet network = ResNet.create(TINY, 3);
        StateDict copy = ResNetState.stateDict(network);
        TensorSource source = ResNetState.source(network);

        assertEquals(copy.shapes(), source.shapes());
        assertEquals(
                List.copyOf(copy.shapes().keySet()), List.copyOf(source.shapes().keySet()));
        for (String name : List.copyOf(copy.shapes().keySet()).reversed()) {
            float[] whole = copy.get(name).array();
            float[] tail = new float[whole.length - 1];
            source.read(name, 1, tail.length, tail);
            assertSameBits(Arrays.copyOfRange(whole, 1, whole.length), tail, name);
            float[] head = new float[1];
            source.read(name, 0, 1, head);
            assertEquals(whole[0], head[0], name);
            assertThrows(IndexOutOfBoundsException.class, () -> source.read(name, 1, whole.length, whole));
        }
        assertThrows(IllegalArgumentException.class, () -> source.read("conv9.weight", 0, 1, new float[1]));
    }

    @Test
    void namesOfSmallNetworksFollowTheSameRule() {
        ResNet network = ResNet.create(TINY.withShortcuts(ShortcutOption.A), 0);
        assertEquals(
                List.of(
                        "conv1.weight",
                        "bn1.weight",
                        "bn1.bias",
                        "layer1.0.conv1.weight",
                        "layer1.0.bn1.weight",
                        "layer1.0.bn1.bias",
                        "layer1.0.conv2.weight",
                        "layer1.0.bn2.weight",
                        "layer1.0.bn2.bias",
                        "layer2.0.conv1.weight",
                        "layer2.0.bn1.weight",
                        "layer2.0.bn1.bias",
                        "layer2.0.conv2.weight",
                        "layer2.0.bn2.weight",
                        "layer2.0.bn2.bias",
                        "fc.weight",
                        "fc.bias"),
                network.parameters().stream().map(Parameter::name).toList());
    }

    @Test
    void convolutionsAreStoredAsOutInRowColumnAndLinearAsOutIn() {
        ResNet network = ResNet.create(TINY, 1);
        StateDict state = ResNetState.stateDict(network);
        for (Parameter parameter : network.parameters()) {
            float[] own = parameter.value().array();
            Shape shape = parameter.value().shape();
            Tensor stored = state.get(parameter.name());
            assertTrue(stored != null, parameter.name());
            float[] file = stored.array();
            if (parameter.role() == Parameter.Role.CONVOLUTION_WEIGHT) {
                int kernel = shape.extent(0);
                int in = shape.extent(2);
                int out = shape.extent(3);
                assertEquals(Shape.of(out, in, kernel, kernel), stored.shape());
                for (int i = 0; i < own.length; i++) {
                    int k = i % out;
                    int c = i / out % in;
                    int column = i / out / in % kernel;
                    int row = i / out / in / kernel;
                    assertEquals(own[i], file[((k * in + c) * kernel + row) * kernel + column], parameter.name());
                }
            } else if (parameter.role() == Parameter.Role.LINEAR_WEIGHT) {
                int out = shape.extent(1);
                for (int i = 0; i < own.length; i++) {
                    assertEquals(own[i], file[i % out * shape.extent(0) + i / out], parameter.name());
                }
            } else {
                assertSameBits(own, file, parameter.name());
            }
        }
    }

    @Test
    void whatIsSavedIsWhatIsLoaded() {
        ResNet first = ResNet.create(TINY, 1);
        for (StateBuffer buffer : first.buffers()) {
            buffer.value().array()[1] = 0.25f;
        }
        ResNet second = ResNet.create(TINY, 2);
        LoadReport report = ResNetState.load(second, ResNetState.stateDict(first));
        assertTrue(report.isComplete());
        assertEquals("", report.problems());
        assertEquals(
                first.parameters().size() + first.buffers().size(),
                report.applied().size());
        assertSameState(ResNetState.stateDict(first), ResNetState.stateDict(second));
    }

    private static void assertSameState(StateDict expected, StateDict actual) {
        assertEquals(
                List.copyOf(expected.tensors().keySet()),
                List.copyOf(actual.tensors().keySet()));
        expected.tensors().forEach((name, tensor) -> {
            Tensor other = actual.get(name);
            assertTrue(other != null, name);
            assertSameBits(tensor.array(), other.array(), name);
        });
    }

    @Test
    void theStateIsACopy() {
        ResNet network = ResNet.create(TINY, 1);
        StateDict state = ResNetState.stateDict(network);
        for (Tensor tensor : state.tensors().values()) {
            Arrays.fill(tensor.array(), Float.NaN);
        }
        for (Parameter parameter : network.parameters()) {
            assertFalse(Float.isNaN(parameter.value().array()[0]), parameter.name());
        }
        for (StateBuffer buffer : network.buffers()) {
            assertFalse(Float.isNaN(buffer.value().array()[0]), buffer.name());
        }
    }

    /** Returns the state of a network with tensors removed, replaced by others or added. */
    private static StateDict changed(StateDict state, Set<String> without, Map<String, Tensor> with) {
        var changed = new StateDict();
        state.tensors().forEach((name, tensor) -> {
            if (!without.contains(name) && !with.containsKey(name)) {
                changed.put(name, tensor);
            }
        });
        with.forEach(changed::put);
        return changed;
    }

    @Test
    void missingTensorsAreNamedAndTheirPlacesLeftAlone() {
        ResNet network = ResNet.create(TINY, 1);
        StateDict before = ResNetState.stateDict(network);
        StateDict other = ResNetState.stateDict(ResNet.create(TINY, 2));
        LoadReport report =
                ResNetState.load(network, changed(other, Set.of("fc.weight", "bn1.running_mean"), Map.of()));
        assertEquals(List.of("fc.weight", "bn1.running_mean"), report.missing());
        assertFalse(report.isComplete());
        assertEquals("2 missing (fc.weight, bn1.running_mean)", report.problems());
        assertSameTensor(before, ResNetState.stateDict(network), "fc.weight");
        assertSameTensor(other, ResNetState.stateDict(network), "conv1.weight");
    }

    private static void assertSameTensor(StateDict expected, StateDict actual, String name) {
        Tensor first = expected.get(name);
        Tensor second = actual.get(name);
        assertTrue(first != null && second != null, name);
        assertSameBits(first.array(), second.array(), name);
    }

    @Test
    void tensorsThatNobodyWantsAreNamedButDoNotMakeItIncomplete() {
        ResNet network = ResNet.create(TINY, 1);
        StateDict other = ResNetState.stateDict(ResNet.create(TINY, 2));
        LoadReport report =
                ResNetState.load(network, changed(other, Set.of(), Map.of("extra.weight", Tensor.zeros(3))));
        assertEquals(List.of("extra.weight"), report.unused());
        assertTrue(report.isComplete());
        assertFalse(report.isExact());
        assertEquals("1 not used (extra.weight)", report.problems());
    }

    @Test
    void tensorsOfAnotherShapeAreNamedWithBothShapesAndLeftOut() {
        ResNet network = ResNet.create(TINY, 1);
        StateDict before = ResNetState.stateDict(network);
        LoadReport report = ResNetState.load(network, ResNetState.stateDict(ResNet.create(TINY.withClasses(7), 2)));
        assertEquals(
                List.of("fc.weight [7, 8] instead of [5, 8]", "fc.bias [7] instead of [5]"),
                report.mismatched().stream().map(String::valueOf).toList());
        assertEquals(List.of(), report.unused());
        assertEquals(List.of(), report.missing());
        assertFalse(report.isComplete());
        assertSameTensor(before, ResNetState.stateDict(network), "fc.weight");
        assertSameTensor(before, ResNetState.stateDict(network), "fc.bias");
    }

    @Test
    void countersOfBatchesArePassedOver() {
        ResNet network = ResNet.create(TINY, 1);
        var counter = Map.of("bn1.num_batches_tracked", Tensor.zeros(1));
        LoadReport report = ResNetState.load(network, changed(ResNetState.stateDict(network), Set.of(), counter));
        assertTrue(report.isComplete());
        assertEquals(List.of(), report.unused());
        assertEquals("", report.problems());
    }

    @Test
    void manyProblemsAreCutShort() {
        var report = new LoadReport(
                List.of(),
                List.of("a", "b", "c", "d"),
                List.of("e"),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of());
        assertEquals("4 missing (a, b, c, …); 1 not used (e)", report.problems());
    }

    @Test
    void theSameSeedGivesTheSameBitsAndAnotherSeedOthers() {
        ResNetSpec spec = ResNets.named("resnet20");
        assertSameState(ResNetState.stateDict(ResNet.create(spec, 42)), ResNetState.stateDict(ResNet.create(spec, 42)));
        Tensor first = ResNetState.stateDict(ResNet.create(spec, 42)).get("conv1.weight");
        Tensor second = ResNetState.stateDict(ResNet.create(spec, 43)).get("conv1.weight");
        assertTrue(first != null && second != null);
        assertNotEquals(first.array()[0], second.array()[0]);
    }

    @Test
    void undrawnNetworkIsFilledAsADrawnOne() throws IOException {
        ResNet first = ResNet.create(TINY, 1);
        ResNet filled = ResNet.undrawn(TINY);
        assertTrue(ResNetState.load(filled, ResNetState.stateDict(first)).isComplete());
        assertSameState(ResNetState.stateDict(first), ResNetState.stateDict(filled));
        ResNet over = ResNetState.over(TINY, ResNetState.stateDict(first));
        assertSameState(ResNetState.stateDict(first), ResNetState.stateDict(over));
    }

    @Test
    void networkOverASourceKeepsNoLargeTensor() throws IOException {
        StateDict state = ResNetState.stateDict(ResNet.create(TINY, 1));
        ResNet over = ResNetState.over(TINY, state);
        for (Tensor tensor : state.tensors().values()) {
            Arrays.fill(tensor.array(), 7f);
        }
        for (Parameter parameter : over.parameters()) {
            boolean large = parameter.role() == Parameter.Role.CONVOLUTION_WEIGHT
                    || parameter.role() == Parameter.Role.LINEAR_WEIGHT;
            var copy = new float[parameter.shape().size()];
            parameter.copyValueTo(copy);
            assertEquals(large, copy[0] == 7f, parameter.name());
        }
    }

    @Test
    void whatIsWrittenToANetworkOverASourceIsKept() throws IOException {
        ResNet over = ResNetState.over(TINY, ResNetState.stateDict(ResNet.create(TINY, 1)));
        for (Parameter parameter : over.parameters()) {
            parameter.value().array()[0] = 7f;
            assertEquals(7f, parameter.value().array()[0], parameter.name());
        }
    }

    @Test
    void sourceThatDoesNotFitIsRefusedWithoutReading() {
        StateDict state = ResNetState.stateDict(ResNet.create(TINY.withClasses(7), 1));
        TensorSource source = new TensorSource() {
            @Override
            public Map<String, Shape> shapes() {
                return state.shapes();
            }

            @Override
            public void read(String name, int start, int count, float[] target) {
                throw new AssertionError("read " + name);
            }
        };
        assertThrows(IllegalArgumentException.class, () -> ResNetState.over(TINY, source));
        LoadReport report = ResNetState.match(ResNet.undrawn(TINY), source);
        assertEquals(
                List.of("fc.weight [7, 8] instead of [5, 8]", "fc.bias [7] instead of [5]"),
                report.mismatched().stream().map(String::valueOf).toList());
    }
}
