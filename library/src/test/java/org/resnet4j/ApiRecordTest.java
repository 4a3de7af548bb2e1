package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The public API is the recorded one, so that every change of it is a line in a diff. */
class ApiRecordTest {
    /** Rewrites the record instead of comparing with it. */
    private static final boolean WRITE = "write".equals(System.getProperty("resnet4j.api"));

    private static final Path RECORD = Path.of("src", "test", "resources", "api.txt");

    @Test
    void thePublicApiIsTheRecordedOne() throws IOException, URISyntaxException {
        Path classes = Path.of(ImageClassifier.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<String> api = ApiRecord.of(classes);
        if (WRITE) {
            Files.write(RECORD, api);
            return;
        }
        List<String> recorded = Files.readAllLines(RECORD);
        List<String> differences = new ArrayList<>();
        without(recorded, api).forEach(line -> differences.add("- " + line));
        without(api, recorded).forEach(line -> differences.add("+ " + line));
        if (!differences.isEmpty()) {
            fail("the public API is not that of " + RECORD + " (docs/testing.md, Public API):\n"
                    + String.join("\n", differences));
        }
        assertEquals(recorded, api);
    }

    private static List<String> without(List<String> lines, List<String> others) {
        var rest = new ArrayList<>(lines);
        others.forEach(rest::remove);
        return rest;
    }
}
