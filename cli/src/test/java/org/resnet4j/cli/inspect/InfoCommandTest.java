package org.resnet4j.cli.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.cli.Cli;
import org.resnet4j.resnet.ResNets;

class InfoCommandTest {
    @Test
    void tellsTheReferenceFiguresOfResnet50() {
        Cli cli = Cli.run("info", "resnet50", "--json");

        assertEquals(0, cli.code(), cli.err());
        Map<String, Object> json = cli.json();
        assertEquals("resnet50", json.get("name"));
        assertEquals(25_557_032, json.get("parameters"));
        assertEquals(4.089, ((Number) json.get("multiplyAdds")).doubleValue() / 1e9, 0.001);
        assertEquals(224, json.get("inputSize"));
        List<?> layers = (List<?>) json.get("layers");
        Map<?, ?> first = (Map<?, ?>) layers.getFirst();
        assertEquals("conv1", first.get("name"));
        assertEquals(List.of(112, 112, 64), first.get("outputShape"));
        assertEquals(9408, first.get("parameters"));
        assertEquals(118_013_952, first.get("multiplyAdds"));
        assertEquals(List.of(1000), ((Map<?, ?>) layers.getLast()).get("outputShape"));
    }

    /** The figures of torchvision and of the papers. */
    @ParameterizedTest
    @CsvSource({
        "resnet18, 11689512, 1.814",
        "resnet34, 21797672, 3.664",
        "resnet50, 25557032, 4.089",
        "resnet101, 44549160, 7.801",
        "resnet152, 60192808, 11.514",
        "resnext50_32x4d, 25028904, 4.230",
        "resnext101_32x8d, 88791336, 16.414",
        "resnext101_64x4d, 83455272, 15.460",
        "wide_resnet50_2, 68883240, 11.398",
        "wide_resnet101_2, 126886696, 22.753",
        "resnet20, 269722, 0.041",
        "resnet110, 1727962, 0.253"
    })
    void tellsThePublishedFigures(String name, int parameters, String billions) {
        Map<String, Object> json = Cli.run("info", name, "--json").json();
        assertEquals(parameters, json.get("parameters"));
        double multiplyAdds = ((Number) json.get("multiplyAdds")).doubleValue();
        assertEquals(billions, String.format(Locale.ROOT, "%.3f", multiplyAdds / 1e9));
    }

    @TestFactory
    Stream<DynamicTest> totalsOfEveryNetworkAreTheSumsOfItsLayers() {
        return ResNets.names().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    Cli cli = Cli.run("info", name, "--json");
                    assertEquals(0, cli.code(), cli.err());
                    Map<String, Object> json = cli.json();
                    assertEquals(name, json.get("name"));
                    for (String total : List.of("parameters", "multiplyAdds")) {
                        long sum = ((List<?>) json.get("layers"))
                                .stream()
                                        .mapToLong(layer -> ((Number) ((Map<?, ?>) layer).get(total)).longValue())
                                        .sum();
                        assertTrue(sum > 0, total);
                        assertEquals(sum, ((Number) json.get(total)).longValue(), total);
                    }
                }));
    }

    @Test
    void tableEndsWithTheTotals() {
        Cli cli = Cli.run("info", "resnet20");

        assertEquals(0, cli.code());
        assertTrue(cli.out().lines().toList().getLast().contains("269,722 parameters"), cli.out());
        assertTrue(cli.out().contains("layer3.2.conv2"), cli.out());
    }

    @Test
    void planShowsEachStepWithItsAlgorithmAndTheMemory() {
        Cli cli = Cli.run("info", "resnet18", "--plan", "--batch", 2, "--threads", 1);

        assertEquals(0, cli.code(), cli.err());
        List<String> lines = cli.out().lines().toList();
        assertTrue(lines.getFirst().contains("algorithm"), cli.out());
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("layer3.1.conv2 ")), cli.out());
        assertTrue(lines.getLast().contains("compiled for 2 images"), cli.out());
        assertTrue(lines.getLast().contains("1.814 billion") || lines.getLast().contains("3.628 billion"), cli.out());
    }

    @Test
    void planInJsonAddsUpToItsTotals() {
        Cli cli = Cli.run("info", "resnet20", "--plan", "--json", "--threads", 1);

        assertEquals(0, cli.code(), cli.err());
        var plan = (Map<?, ?>) cli.json().get("plan");
        assertEquals(1, plan.get("batch"));
        List<?> steps = (List<?>) plan.get("steps");
        long weights = 0;
        long multiplyAdds = 0;
        for (Object entry : steps) {
            var step = (Map<?, ?>) entry;
            assertTrue(step.get("algorithm") instanceof String, step.toString());
            assertTrue(step.get("kind") instanceof String, step.toString());
            weights += ((Number) step.get("weightBytes")).longValue();
            multiplyAdds += ((Number) step.get("multiplyAdds")).longValue();
        }
        assertEquals(weights, ((Number) plan.get("weightBytes")).longValue());
        assertEquals(multiplyAdds, ((Number) plan.get("multiplyAdds")).longValue());
        assertTrue(((Number) plan.get("bufferBytes")).longValue() > 0);
        assertEquals(List.of(1, 10), ((Map<?, ?>) steps.getLast()).get("outputShape"));
        assertTrue(cli.json().containsKey("layers"));
    }

    @Test
    void batchIsForPlansAlone() {
        assertEquals(2, Cli.run("info", "resnet20", "--batch", 2).code());
        assertEquals(2, Cli.run("info", "resnet20", "--plan", "--batch", 0).code());
    }

    private static List<String> linesOf(String network, String block) {
        return Cli.run("info", network)
                .out()
                .lines()
                .filter(line -> line.startsWith(block + "."))
                .map(line -> line.strip().replaceAll("\\s{2,}", "|"))
                .toList();
    }

    @Test
    void shortcutsAndSumsAreStepsOfANetwork() {
        List<String> residual = linesOf("resnet20", "layer2.0");
        assertEquals("layer2.0.downsample|zero padding, stride 2|[16, 16, 32]|0|0", residual.get(4));
        assertEquals("layer2.0.sum|sum, ReLU|[16, 16, 32]|0|0", residual.get(5));
        assertEquals("layer2.0.bn2|batch norm|[16, 16, 32]|64|0", residual.get(3));
        assertEquals(
                "layer2.1.shortcut|identity|[16, 16, 32]|0|0",
                linesOf("resnet20", "layer2.1").get(4));
        List<String> plain = linesOf("plain20", "layer2.0");
        assertEquals(4, plain.size());
        assertEquals("layer2.0.bn2|batch norm, ReLU|[16, 16, 32]|64|0", plain.get(3));
        List<String> projecting = linesOf("resnet18", "layer2.0");
        assertEquals("layer2.0.downsample.0", projecting.get(4).split("\\|", 2)[0], "the projection is the shortcut");
        assertEquals("layer2.0.sum", projecting.getLast().split("\\|", 2)[0]);
    }

    @Test
    void stepsOfAPlanHaveTheNamesOfTheNetworksLayers() {
        for (String name : List.of("resnet18", "resnetv2_50")) {
            List<?> steps = (List<?>) ((Map<?, ?>)
                            Cli.run("info", name, "--plan", "--json").json().get("plan"))
                    .get("steps");
            assertEquals(ResNets.named(name).classifier(), ((Map<?, ?>) steps.getLast()).get("name"));
        }
    }
}
