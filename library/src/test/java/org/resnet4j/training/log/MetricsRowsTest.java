package org.resnet4j.training.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.weights.MalformedFileException;

class MetricsRowsTest {
    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("metrics.csv"), text);
    }

    @Test
    void emptyCellsHaveNoValue() throws IOException {
        MetricsRows rows = MetricsRows.read(file("epoch,loss,top1\n1,0.5,\n2,0.25,0.75\n"));
        assertEquals(2, rows.count());
        assertEquals(
                List.of("epoch", "loss"), List.copyOf(rows.epochs().getFirst().keySet()));
        assertEquals(0.75, rows.last("top1"));
        assertEquals(0.75, rows.sum("loss"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | has no header",
                "'epoch,loss\n1' | line 2 has 1 cells, and the header has 2",
                "'epoch,loss\n1,0.5\n2,0.25,3' | line 3 has 3 cells, and the header has 2",
                "'epoch,loss\n1,abc' | line 2, loss: 'abc' is not a number",
            })
    void damagedFilesAreRejectedWithTheLine(String text, String reason) throws IOException {
        Path file = file(text.replace("\\n", "\n"));
        var rejected = assertThrows(MalformedFileException.class, () -> MetricsRows.read(file));
        assertTrue(String.valueOf(rejected.getMessage()).endsWith(reason), rejected.getMessage());
    }
}
