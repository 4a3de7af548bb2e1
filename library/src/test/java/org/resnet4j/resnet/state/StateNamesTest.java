package org.resnet4j.resnet.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
        for (String prefix : List.of("module.", "module._orig_mod.model.", "anything.0.at_all.")) {
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
}
