package org.resnet4j.resnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.graph.Description;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.LayerSummary;

class ResNetsTest {
    private static final List<String> FIRST_PAPER = List.of(
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

    @Test
    void theCatalogueHasTheNetworksOfTheFirstPaperAndTheirPlainTwins() {
        assertEquals(FIRST_PAPER, ResNets.names().subList(0, FIRST_PAPER.size()));
        List<String> plain = FIRST_PAPER.stream()
                .map(name -> name.replace("resnet", "plain"))
                .toList();
        assertEquals(plain, ResNets.names().reversed().subList(0, plain.size()).reversed());
        for (String name : ResNets.names()) {
            assertEquals(name, ResNets.named(name).name());
        }
    }

    /** The depth of a wide network is counted as in its paper: 6n + 4 with projections. */
    @Test
    void theNumberInTheNameIsTheDepth() {
        var number = Pattern.compile("(?:net|next|netv2_|plain)(\\d+)");
        for (String name : ResNets.names()) {
            Matcher found = number.matcher(name);
            if (found.find()) {
                assertEquals(
                        found.group(1), Integer.toString(ResNets.named(name).depth()), name);
            }
        }
        assertEquals(28 - 2, ResNets.named("wrn_28_10").depth());
        assertEquals(40 - 2, ResNets.named("wrn_40_4").depth());
    }

    @Test
    void familiesDifferInStemAndShortcuts() {
        for (String name : ResNets.names()) {
            ResNetSpec spec = ResNets.named(name);
            boolean photographs = spec.imageSize() == 224;
            assertEquals(photographs, spec.stem().kind() != Stem.SMALL_IMAGE, name);
            assertEquals(photographs ? 1000 : 10, spec.classes(), name);
            assertEquals(StridePlacement.ON_3X3, spec.block().stridePlacement(), name);
        }
        for (String name : FIRST_PAPER) {
            ResNetSpec spec = ResNets.named(name);
            assertEquals(spec.imageSize() == 224 ? ShortcutOption.B : ShortcutOption.A, spec.shortcuts(), name);
            assertEquals(
                    ShortcutOption.NONE,
                    ResNets.named(name.replace("resnet", "plain")).shortcuts());
        }
    }

    @Test
    void anUnknownNameIsAnsweredWithTheNamesThatResembleIt() {
        assertEquals(Optional.empty(), ResNets.find("resnet19"));
        var thrown = assertThrows(IllegalArgumentException.class, () -> ResNets.named("resnet19"));
        assertTrue(thrown.getMessage().contains("\"resnet19\""), thrown.getMessage());
        assertTrue(thrown.getMessage().contains("did you mean resnet18"), thrown.getMessage());
        assertTrue(thrown.getMessage().contains("ResNets.names()"), thrown.getMessage());
        assertTrue(thrown.getMessage().length() < 160, thrown.getMessage());
        for (String name : List.of("ResNet50", "resnet-50", "Resnet_50")) {
            var near = assertThrows(IllegalArgumentException.class, () -> ResNets.named(name));
            assertTrue(near.getMessage().contains("did you mean resnet50? "), near.getMessage());
        }
        var far = assertThrows(IllegalArgumentException.class, () -> ResNets.named("vgg16"));
        assertFalse(far.getMessage().contains("did you mean"), far.getMessage());
    }

    /**
     * Parameters, and billions of multiply-adds of convolutions and linear layers for one image of the network's own
     * size, as given by the papers and torchvision. A network with 56 layers has 125,485,696 multiply-adds, which some
     * tables round up to 0.126.
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
        "resnext50_32x4d, 25028904, 4.230",
        "resnext101_32x8d, 88791336, 16.414",
        "resnext101_64x4d, 83455272, 15.460",
        "wide_resnet50_2, 68883240, 11.398",
        "wide_resnet101_2, 126886696, 22.753",
        "preresnet164, 1703258, ",
        "preresnet1001, 10327706, "
    })
    void parametersAndWorkAreThosePublished(String name, long parameters, @Nullable String billions) {
        Count count = count(name);
        assertEquals(parameters, count.parameters());
        if (billions != null) {
            assertEquals(billions, String.format(Locale.ROOT, "%.3f", count.multiplyAdds() / 1e9));
        }
    }

    /** The counts are written by {@code src/test/python/catalogue_counts.py}. */
    @ParameterizedTest
    @CsvFileSource(resources = "/resnet/counts.csv", useHeadersInDisplayName = true)
    void parametersAndWorkAreThoseThatPyTorchCounts(String name, long parameters, long multiplyAdds) {
        assertEquals(new Count(parameters, multiplyAdds), count(name));
    }

    @Test
    void pyTorchCountedEveryNetworkOfTheCatalogue() throws IOException {
        try (InputStream in = Objects.requireNonNull(ResNetsTest.class.getResourceAsStream("/resnet/counts.csv"))) {
            List<String> counted = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(line -> line.substring(0, line.indexOf(',')))
                    .toList();
            assertEquals(new TreeSet<>(ResNets.names()), new TreeSet<>(counted));
        }
    }

    /** The numbers of trainable parameters, and of multiply-adds for one image of the network's own size. */
    private record Count(long parameters, long multiplyAdds) {}

    private static Count count(String name) {
        ResNetSpec spec = ResNets.named(name);
        ResNet network = ResNet.undrawn(spec);
        List<LayerSummary> lines = Description.of(Graph.of(network, spec.imageSize()));
        long parameters = lines.stream().mapToLong(LayerSummary::parameters).sum();
        assertEquals(network.parameterCount(), parameters, "the layers' sum");
        return new Count(
                parameters, lines.stream().mapToLong(LayerSummary::multiplyAdds).sum());
    }
}
