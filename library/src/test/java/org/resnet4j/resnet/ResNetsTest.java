package org.resnet4j.resnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.layer.LayerSummary;
import org.resnet4j.tensor.Shape;

class ResNetsTest {
    @Test
    void theCatalogueHasTheNetworksOfThePapersAndTheirPlainTwins() {
        var residual = List.of(
                "resnet18",
                "resnet34",
                "resnet50",
                "resnet101",
                "resnet152",
                "resnet20",
                "resnet32",
                "resnet44",
                "resnet56",
                "resnet110",
                "resnet1202");
        var expected = new ArrayList<>(residual);
        residual.forEach(name -> expected.add(name.replace("resnet", "plain")));
        assertEquals(expected, ResNets.names());
        for (String name : expected) {
            assertEquals(name, ResNets.named(name).name());
        }
    }

    @Test
    void theNumberInTheNameIsTheDepth() {
        for (String name : ResNets.names()) {
            assertEquals(
                    name.replaceAll("[a-z]+", ""),
                    Integer.toString(ResNets.named(name).depth()),
                    name);
        }
    }

    @Test
    void familiesDifferInStemAndShortcuts() {
        for (String name : ResNets.names()) {
            ResNetSpec spec = ResNets.named(name);
            boolean plain = name.startsWith("plain");
            boolean photographs = spec.imageSize() == 224;
            assertEquals(photographs ? Stem.IMAGENET : Stem.SMALL_IMAGE, spec.stem(), name);
            assertEquals(photographs ? 1000 : 10, spec.classes(), name);
            assertEquals(
                    plain ? ShortcutOption.NONE : photographs ? ShortcutOption.B : ShortcutOption.A,
                    spec.shortcuts(),
                    name);
            assertEquals(StridePlacement.ON_3X3, spec.stridePlacement(), name);
        }
    }

    @Test
    void anUnknownNameIsAnsweredWithTheNamesThereAre() {
        assertEquals(Optional.empty(), ResNets.find("resnet19"));
        var thrown = assertThrows(IllegalArgumentException.class, () -> ResNets.named("resnet19"));
        assertTrue(thrown.getMessage().contains("\"resnet19\""), thrown.getMessage());
        assertTrue(thrown.getMessage().contains("resnet18, resnet34"), thrown.getMessage());
    }

    /**
     * Parameters, and billions of multiply-adds of convolutions and linear layers for one image of the network's own
     * size. Those of 56 layers are 125,485,696, which some tables round up to 0.126.
     */
    @ParameterizedTest
    @CsvSource({
        "resnet18, 11689512, 1.814",
        "resnet34, 21797672, 3.664",
        "resnet50, 25557032, 4.089",
        "resnet101, 44549160, 7.801",
        "resnet152, 60192808, 11.514",
        "resnet20, 269722, 0.041",
        "resnet32, 464154, 0.069",
        "resnet44, 658586, 0.097",
        "resnet56, 853018, 0.125",
        "resnet110, 1727962, 0.253",
        "resnet1202, 19421274, ",
        "plain18, 11515688, ",
        "plain34, 21623848, ",
        "plain50, 22780456, ",
        "plain101, 41772584, ",
        "plain152, 57416232, ",
        "plain20, 269722, 0.041",
        "plain32, 464154, 0.069",
        "plain44, 658586, 0.097",
        "plain56, 853018, 0.125",
        "plain110, 1727962, 0.253",
        "plain1202, 19421274, "
    })
    void parametersAndWorkAreThoseOfThePapers(String name, long parameters, String billions) {
        ResNetSpec spec = ResNets.named(name);
        ResNet network = ResNet.create(spec, 0);
        assertEquals(parameters, network.parameterCount());
        var lines = new ArrayList<LayerSummary>();
        network.describe(Shape.of(1, spec.imageSize(), spec.imageSize(), spec.inChannels()), lines::add);
        assertEquals(
                parameters, lines.stream().mapToLong(LayerSummary::parameters).sum());
        if (billions != null) {
            long work = lines.stream().mapToLong(LayerSummary::multiplyAdds).sum();
            assertEquals(billions, String.format(Locale.ROOT, "%.3f", work / 1e9));
        }
    }
}
