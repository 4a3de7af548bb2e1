package org.resnet4j.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Cli;

class TensorBoardOptionTest {
    @TempDir
    private Path folder;

    /** {@code --tensorboard} is in the same option group as {@code --output}, which is given twice. */
    @Test
    void trainWritesThemAndAResumedRunGoesOnDoingSo() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 12, 0);
        Path events = folder.resolve("events");
        Path model = folder.resolve("m");
        Cli trained = Cli.run("train", "--data", data, "--output", model, "--epochs", 1, "--tensorboard=" + events);
        assertEquals(0, trained.code(), trained.err());
        assertEquals(List.of(2L), recordsOf(events));
        // As if the run had been killed at its end. A file of the same second and process would have the same name.
        try (var files = Files.list(events)) {
            Path first = files.findFirst().orElseThrow();
            Files.move(first, events.resolve("events.out.tfevents.1.before"));
        }
        Cli resumed = Cli.run("train", "--output", model, "--resume");
        assertEquals(0, resumed.code(), resumed.err());
        assertEquals(List.of(2L, 2L), recordsOf(events));
    }

    /** Returns the number of records of each file. A run with nothing left to do writes a version and a start event. */
    private static List<Long> recordsOf(Path events) throws IOException {
        var counts = new ArrayList<Long>();
        try (var files = Files.list(events)) {
            for (Path file : files.sorted().toList()) {
                ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
                long count = 0;
                while (bytes.hasRemaining()) {
                    int length = (int) bytes.getLong();
                    bytes.position(bytes.position() + length + 8);
                    count++;
                }
                counts.add(count);
            }
        }
        return counts;
    }
}
