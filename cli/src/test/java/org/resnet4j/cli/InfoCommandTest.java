package org.resnet4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

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

    @Test
    void tableEndsWithTheTotals() {
        Cli cli = Cli.run("info", "resnet20");

        assertEquals(0, cli.code());
        assertTrue(cli.out().lines().toList().getLast().contains("269,722 parameters"), cli.out());
        assertTrue(cli.out().contains("layer3.2.conv2"), cli.out());
    }
}
