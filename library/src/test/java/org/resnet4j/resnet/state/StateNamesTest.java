package org.resnet4j.resnet.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.Shape;

class StateNamesTest {
    private static final ResNetSpec RESNET18 = ResNets.named("resnet18");
    private static final String[] BODY = {"conv1.weight", "layer1.0.conv1.weight", "layer2.0.downsample.0.weight"};

    private static StateNames names(String... theirs) {
        return StateNames.of(RESNET18, shapes(List.of(theirs)));
    }

    private static Map<String, Shape> shapes(Collection<String> names) {
        var shapes = new LinkedHashMap<String, Shape>();
        names.forEach(name -> shapes.put(name, Shape.of()));
        return shapes;
    }

    /** Returns the body's names below a prefix, and some more names. */
    private static StateNames body(String prefix, String... more) {
        var names = new LinkedHashSet<String>();
        for (String name : BODY) {
            names.add(prefix + name);
        }
        names.addAll(List.of(more));
        return StateNames.of(RESNET18, shapes(names));
    }

    @Test
    void namesThatFitAreTakenAsTheyAre() {
        StateNames names = body("", "fc.weight");
        assertEquals("conv1.weight", names.inFile("conv1.weight"));
        assertEquals("fc.weight", names.inFile("fc.weight"));
        assertNull(names.inFile("bn1.weight"));
    }

    @Test
    void anyPrefixBelowWhichThereIsTheNetworkIsTakenOff() {
        for (String prefix : List.of(
                "module.",
                "module._orig_mod.model.",
                "net.",
                "backbone.",
                "encoder.",
                "resnet18.",
                "module.encoder_q.",
                "module.base_encoder.",
                "timm_model.",
                "anything.0.at_all.")) {
            assertEquals(prefix + "conv1.weight", body(prefix).inFile("conv1.weight"));
            assertEquals(
                    prefix + "fc.weight", body(prefix, prefix + "fc.weight").inFile("fc.weight"));
        }
        assertNull(names("module.conv1.weight").inFile("conv1.weight"), "a convolution is no network");
    }

    @Test
    void blocksAreNoNetworks() {
        assertEquals(List.of(""), body("").roots());
    }

    @Test
    void theUsualCifarNetworksNameTwoPartsOtherwise() {
        StateNames names = names(
                "conv1.weight", "layer1.0.conv1.weight", "linear.weight", "linear.bias", "layer2.0.shortcut.0.weight");
        assertEquals("linear.weight", names.inFile("fc.weight"));
        assertEquals("linear.bias", names.inFile("fc.bias"));
        assertEquals("layer2.0.shortcut.0.weight", names.inFile("layer2.0.downsample.0.weight"));
    }

    @Test
    void theClassifierMayStandBesideTheRest() {
        for (String classifier : List.of("head.fc", "fc", "last_linear", "classifier", "module.fc", "module.head")) {
            StateNames names = body("module.backbone.", classifier + ".weight");
            assertEquals(classifier + ".weight", names.inFile("fc.weight"));
        }
        assertNull(body("module.backbone.", "other.fc.weight").inFile("fc.weight"));
        assertEquals(
                "fc.weight",
                StateNames.of(
                                ResNets.named("resnetv2_50"),
                                shapes(List.of("stem.conv.weight", "stages.0.blocks.0.conv1.weight", "fc.weight")))
                        .inFile("head.fc.weight"));
    }

    @Test
    void theOnlyLayerInARowIsTheClassifier() {
        for (String layer : List.of("fc.1", "fc.0", "backbone.fc.2", "backbone.classifier.12", "head.fc.1")) {
            StateNames names = body("backbone.", layer + ".weight", layer + ".bias");
            assertEquals(layer + ".weight", names.inFile("fc.weight"));
            assertEquals(layer + ".bias", names.inFile("fc.bias"));
        }
    }

    @Test
    void ofSeveralLayersInARowNoneIsTheClassifier() {
        assertNull(
                body("", "fc.0.weight", "fc.0.bias", "fc.2.weight", "fc.2.bias").inFile("fc.weight"));
        assertNull(body("", "fc.0.running_mean", "fc.1.weight", "fc.1.bias").inFile("fc.weight"), "a normalization");
        assertNull(body("", "fc.1.weight", "fc.1.bias", "fc.scale").inFile("fc.weight"));
        assertNull(body("", "fc.mlp.weight", "fc.mlp.bias").inFile("fc.weight"), "no row");
        assertNull(body("", "fc.1.weight", "head.weight").inFile("fc.weight"), "two classifiers");
    }

    @Test
    void ofTwoClassifiersNoneIsChosen() {
        StateNames names = body("backbone.", "backbone.fc.weight", "head.weight");
        assertNull(names.inFile("fc.weight"));
        assertTrue(names.isClassifier("backbone.fc.weight"));
        assertTrue(names.isClassifier("head.weight"));
        assertTrue(names.isClassifier("backbone.fc.0.weight"));
        assertEquals("backbone.conv1.weight", names.inFile("conv1.weight"));
    }

    @Test
    void ofTwoNetworksNoneIsChosen() {
        StateNames names =
                body("encoder_q.", "encoder_k.conv1.weight", "encoder_k.layer1.0.conv1.weight", "encoder_q.fc.weight");
        assertEquals(List.of("encoder_q.", "encoder_k."), names.roots());
        assertNull(names.inFile("conv1.weight"));
        assertNull(names.inFile("fc.weight"));
    }

    @Test
    void headsAreToldByTheirShapes() {
        var shapes = new LinkedHashMap<>(shapes(List.of(BODY)));
        shapes.put("scores.weight", Shape.of(7, 512));
        assertEquals("scores.weight", StateNames.of(RESNET18, shapes).inFile("fc.weight"));
        shapes.put("scores.bias", Shape.of(7));
        assertEquals("scores.bias", StateNames.of(RESNET18, shapes).inFile("fc.bias"));
        shapes.put("other.weight", Shape.of(3, 512));
        assertNull(StateNames.of(RESNET18, shapes).inFile("fc.weight"), "two layers read the features");
        assertTrue(StateNames.of(RESNET18, shapes).isHead("other.weight"));
        shapes.remove("other.weight");
        shapes.put("second.weight", Shape.of(3, 7));
        assertTrue(StateNames.of(RESNET18, shapes).isHead("second.weight"), "reads the output of a head");
        assertNull(StateNames.of(RESNET18, shapes).inFile("fc.weight"), "the output is an embedding");
    }

    @Test
    void whatDoesNotReadTheFeaturesIsNoHead() {
        for (Map.Entry<String, Shape> other : Map.of(
                        "layer5.0.conv1.weight", Shape.of(512, 512, 1, 1), // a part of a larger network
                        "input.weight", Shape.of(512, 3), // a layer before the network
                        "attention.conv.weight", Shape.of(512, 512, 3, 3),
                        "final_norm.weight", Shape.of(512))
                .entrySet()) {
            var shapes = new LinkedHashMap<>(shapes(List.of(BODY)));
            shapes.put(other.getKey(), other.getValue());
            assertFalse(StateNames.of(RESNET18, shapes).isHead(other.getKey()), other.getKey());
            assertNull(StateNames.of(RESNET18, shapes).inFile("fc.weight"), other.getKey());
        }
    }

    @Test
    void projectionHeadsAreNoClassifiers() {
        for (String name : List.of("projection", "embedding", "predictor", "criterion", "metric_fc")) {
            var shapes = new LinkedHashMap<>(shapes(List.of(BODY)));
            shapes.put(name + ".weight", Shape.of(128, 512));
            assertNull(StateNames.of(RESNET18, shapes).inFile("fc.weight"), name);
            assertTrue(StateNames.of(RESNET18, shapes).isHead(name + ".weight"), name);
        }
    }

    @Test
    void gatesOfMmpretrainAreKnown() {
        StateNames names = names("conv1.weight", "layer1.0.conv1.weight", "layer1.0.se_layer.conv1.conv.bias");
        assertEquals("layer1.0.se_layer.conv1.conv.bias", names.inFile("layer1.0.se.fc1.bias"));
    }
}
