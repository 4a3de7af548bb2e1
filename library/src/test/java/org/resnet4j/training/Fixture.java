package org.resnet4j.training;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows of a CSV fixture by their case; made by src/test/python/training_reference.py. */
public final class Fixture {
    private Fixture() {}

    public static Map<String, List<double[]>> read(String name) throws IOException {
        try (InputStream resource = Fixture.class.getResourceAsStream("/training/" + name)) {
            assertNotNull(resource, name);
            var cases = new LinkedHashMap<String, List<double[]>>();
            new String(resource.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(line -> line.split(",", -1))
                    .forEach(cells -> cases.computeIfAbsent(cells[0], any -> new ArrayList<>())
                            .add(numbers(cells)));
            return cases;
        }
    }

    private static double[] numbers(String[] cells) {
        var numbers = new double[cells.length - 1];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Double.parseDouble(cells[i + 1]);
        }
        return numbers;
    }
}
