package org.resnet4j.resnet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StateNamesTest {
    private static final Set<String> OWN =
            Set.of("conv1.weight", "layer1.0.downsample.0.weight", "layer1.0.bn1.bias", "fc.weight");

    private static Map<String, String> match(String... theirs) {
        return StateNames.match(OWN, new LinkedHashSet<>(List.of(theirs)));
    }

    @Test
    void namesThatFitAreTakenAsTheyAre() {
        assertEquals(Map.of("conv1.weight", "conv1.weight"), match("conv1.weight", "conv1.bias"));
    }

    @Test
    void wrappersAreTakenOff() {
        assertEquals(Map.of("conv1.weight", "module.conv1.weight"), match("module.conv1.weight"));
        assertEquals(
                Map.of("conv1.weight", "module._orig_mod.model.conv1.weight"),
                match("module._orig_mod.model.conv1.weight"));
        assertEquals(Map.of(), match("unknown.conv1.weight"));
    }

    @Test
    void theUsualCifarNetworksNameTwoPartsOtherwise() {
        assertEquals(
                Map.of("fc.weight", "linear.weight", "layer1.0.downsample.0.weight", "layer1.0.shortcut.0.weight"),
                match("linear.weight", "layer1.0.shortcut.0.weight"));
        assertEquals(Map.of("fc.weight", "module.last_linear.weight"), match("module.last_linear.weight"));
        assertEquals(Map.of("fc.weight", "head.fc.weight"), match("head.fc.weight"));
        assertEquals(
                Map.of("head.fc.weight", "fc.weight"), StateNames.match(Set.of("head.fc.weight"), Set.of("fc.weight")));
    }

    @Test
    void aNameThatFitsWinsOverOneThatHasToBeTranslated() {
        assertEquals(Map.of("fc.weight", "fc.weight"), match("linear.weight", "module.fc.weight", "fc.weight"));
        assertEquals(Map.of("fc.weight", "linear.weight"), match("linear.weight", "classifier.weight"));
    }
}
