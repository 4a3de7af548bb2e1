package org.resnet4j.resnet.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.resnet.Stem;
import org.resnet4j.tensor.Shape;
import org.resnet4j.weights.TensorSource;

/** Tests the identification of networks by names and shapes, without reading tensors. */
class ResNetIdentifierTest {
    private static TensorSource source(Map<String, Shape> shapes) {
        return new TensorSource() {
            @Override
            public Map<String, Shape> shapes() {
                return shapes;
            }

            @Override
            public void read(String name, int start, int count, float[] target) {
                throw new AssertionError("read " + name);
            }
        };
    }

    private static Map<String, Shape> shapes(ResNetSpec spec) {
        var shapes = new LinkedHashMap<String, Shape>();
        ResNet network = ResNet.undrawn(spec);
        network.parameters().forEach(parameter -> shapes.put(parameter.name(), StateLayout.fileShape(parameter)));
        network.buffers()
                .forEach(buffer -> shapes.put(buffer.name(), buffer.value().shape()));
        return shapes;
    }

    private static List<String> identified(Map<String, Shape> shapes) {
        return ResNetIdentifier.identify(source(shapes)).stream()
                .map(ResNets::description)
                .toList();
    }

    /** Shortcuts without parameters do not appear in any tensor. */
    @TestFactory
    Stream<DynamicTest> everyNetworkIsIdentifiedByItsTensors() {
        return ResNets.names().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    ResNetSpec spec = ResNets.named(name);
                    List<String> found = identified(shapes(spec.withClasses(7).withImages(spec.imageSize(), 1)));
                    boolean smallImages = spec.stem().kind() == Stem.SMALL_IMAGE
                            && spec.block().order() == ActivationOrder.POST
                            && !name.equals("resnet8");
                    assertEquals(
                            smallImages
                                    ? List.of(name.replace("plain", "resnet"), name.replace("resnet", "plain"))
                                    : List.of(name),
                            found);
                    ResNetSpec first = ResNetIdentifier.identify(source(shapes(spec.withClasses(7))))
                            .getFirst();
                    assertEquals(7, first.classes());
                }));
    }

    /** pairs of which the second was once loaded as the first */
    @ParameterizedTest
    @CsvSource({
        "resnet18, resnet34",
        "resnet50, resnet101",
        "resnet50, resnet152",
        "resnet18, seresnet18",
        "resnetv2_50, resnetv2_101",
        "seresnext50_32x4d, seresnet50",
        "resnet20, resnet32",
        "resnet20, resnet56",
        "resnet20, resnet110",
        "plain18, resnet18",
        "preresnet110, preresnet164"
    })
    void weightsOfAnotherNetworkAreNotExact(String wanted, String given) {
        ResNetSpec spec = ResNets.named(wanted);
        TensorSource source = source(shapes(ResNets.named(given)));
        LoadReport report = ResNetState.match(ResNet.undrawn(ResNetIdentifier.fitting(spec, source)), source);
        assertFalse(report.isExact(), report.problems());
        assertFalse(report.isExactBelow(spec.classifier()), report.problems());
    }

    @Test
    void everyNetworkOfTheCatalogueIsToldFromEveryOther() {
        Map<String, TensorSource> sources = new LinkedHashMap<>();
        List<String> photographs = ResNets.names().stream()
                .filter(name -> ResNets.named(name).stem().kind() != Stem.SMALL_IMAGE)
                .toList();
        photographs.forEach(name -> sources.put(name, source(shapes(ResNets.named(name)))));
        for (String wanted : photographs) {
            ResNet network = ResNet.undrawn(ResNets.named(wanted));
            sources.forEach((given, source) -> assertEquals(
                    wanted.equals(given), ResNetState.match(network, source).isExact(), wanted));
        }
    }

    @Test
    void projectionsInPlaceOfPaddingAreRecognized() {
        ResNetSpec projecting = ResNets.named("resnet20").withShortcuts(ShortcutOption.B);
        Map<String, Shape> shapes = shapes(projecting);
        assertEquals(List.of("resnet20 with shortcuts of option B"), identified(shapes));
        LoadReport report = ResNetState.match(ResNet.undrawn(ResNets.named("resnet20")), source(shapes));
        assertFalse(report.isExact());
        assertTrue(report.problems().contains("not used (layer2.0.downsample.0.weight"), report.problems());
    }

    @Test
    void tensorsThatTheNetworkLacksAreUnused() {
        Map<String, Shape> shapes = shapes(ResNets.named("resnet18"));
        shapes.put("conv1.bias", Shape.of(64));
        LoadReport report = ResNetState.match(ResNet.undrawn(ResNets.named("resnet18")), source(shapes));
        assertEquals(List.of("conv1.bias"), report.unused());
        assertFalse(report.isExact());
        assertEquals(List.of(), identified(shapes));
    }

    @Test
    void whatIsKnownToBeHarmlessIsListedApart() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        shapes(ResNets.named("resnet18")).forEach((name, shape) -> shapes.put("model." + name, shape));
        for (String name : List.of(
                "model.layer1.0.total_ops",
                "total_params",
                "criterion.weight",
                "projection_head.0.weight",
                "queue",
                "n_averaged")) {
            shapes.put(name, Shape.of(3));
        }
        shapes.put("model.bn1.num_batches_tracked", Shape.of());
        LoadReport report = ResNetState.match(ResNet.undrawn(ResNets.named("resnet18")), source(shapes));
        assertTrue(report.isExact(), report.problems());
        assertEquals(6, report.harmless().size());
        assertEquals(List.of("resnet18"), identified(shapes));
    }

    /** The fc layer of such a network does not compute logits, whatever follows it. */
    @ParameterizedTest
    @CsvSource({
        "projector.weight, 7, 1000",
        "projection_head.weight, 7, 1000",
        "predictor.weight, 7, 512",
        "prototypes.weight, 7, 128",
        "criterion.weight, 7, 1000",
        "loss.W, 1000, 7",
        "queue, 1000, 65536"
    })
    void aHeadThatMayGiveTheScoresIsAnotherClassifier(String head, int rows, int columns) {
        Map<String, Shape> shapes = shapes(ResNets.named("resnet18"));
        shapes.put(head, Shape.of(rows, columns));
        LoadReport report = ResNetState.match(ResNet.undrawn(ResNets.named("resnet18")), source(shapes));
        assertEquals(List.of(head), report.classifiers());
        assertFalse(report.isExact());
        assertEquals(List.of("resnet18"), identified(shapes), "to train from");
    }

    @ParameterizedTest
    @CsvSource({
        "projector.weight, 128, 512",
        "criterion.centers, 1000, 512",
        "criterion.costs, 1000, 1000",
        "queue, 128, 65536",
        "optimizer.exp, 7, 1000"
    })
    void whatIsBesideTheScoresIsHarmless(String name, int rows, int columns) {
        Map<String, Shape> shapes = shapes(ResNets.named("resnet18"));
        shapes.put(name, Shape.of(rows, columns));
        LoadReport report = ResNetState.match(ResNet.undrawn(ResNets.named("resnet18")), source(shapes));
        assertEquals(List.of(name), report.harmless());
        assertTrue(report.isExact(), report.problems());
    }

    @Test
    void anotherClassifierDoesNotHideTheNetwork() {
        Map<String, Shape> shapes = shapes(ResNets.named("resnet18"));
        shapes.put("head.weight", Shape.of(10, 1000));
        shapes.put("head.bias", Shape.of(10));
        LoadReport report = ResNetState.match(ResNet.undrawn(ResNets.named("resnet18")), source(shapes));
        assertEquals(List.of("fc.weight", "fc.bias"), report.missing());
        assertEquals(List.of("fc.weight", "fc.bias", "head.weight", "head.bias"), report.classifiers());
        assertFalse(report.isExact());
        assertTrue(report.isExactBelow("fc"));
        assertEquals(List.of("resnet18"), identified(shapes));
        shapes.keySet().removeIf(name -> name.startsWith("fc.") || name.startsWith("head."));
        assertEquals(List.of("resnet18"), identified(shapes), "without any classifier");
    }

    @Test
    void severalNetworksAreListedAndNoneIsChosen() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        shapes(ResNets.named("resnet18")).forEach((name, shape) -> {
            shapes.put("student." + name, shape);
            shapes.put("teacher." + name, shape);
        });
        TensorSource source = source(shapes);
        LoadReport report = ResNetState.match(ResNet.undrawn(ResNets.named("resnet18")), source);
        assertEquals(List.of("student.", "teacher."), report.networks());
        assertEquals(List.of(), report.applied());
        assertEquals(List.of(), ResNetIdentifier.identify(source));
        assertEquals(List.of("student", "teacher"), ResNetIdentifier.prefixes(source));
    }

    /** A shape without elements may claim any extent. */
    @Test
    void absurdExtentsAreNotTakenForClassesOrChannels() {
        Map<String, Shape> shapes = shapes(ResNets.named("resnet20"));
        shapes.put("fc.weight", Shape.of(Integer.MAX_VALUE, 0));
        shapes.put("conv1.weight", Shape.of(0, Integer.MAX_VALUE, 3, 3));
        assertEquals(ResNets.named("resnet20"), ResNetIdentifier.fitting(ResNets.named("resnet20"), source(shapes)));
        assertEquals(List.of(), identified(shapes));
    }
}
