package org.resnet4j.training.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.training.EpochMetrics;
import org.resnet4j.training.TrainingEvent;
import org.resnet4j.training.ValidationMetrics;
import org.resnet4j.weights.MalformedFileException;

class MetricsFileTest {
    private static final String HEADER =
            "epoch,learningRate,trainLoss,trainTop1,validationLoss,top1,top5,imagesPerSecond,waitSeconds,seconds\n";

    @TempDir
    Path folder;

    @Test
    void rowsAreWhatASpreadsheetReads() throws IOException {
        var file = new MetricsFile(path());
        file.on(started(0));
        assertEquals(HEADER, Files.readString(path()));
        file.on(epoch(1, new ValidationMetrics(1.25, 0.5, 1, 10)));
        file.on(epoch(2, null));
        assertEquals(
                HEADER + "1,0.00001,0.333333,0.5,1.25,0.5,1,1234570,0.25,12.5\n"
                        + "2,0.00001,0.333333,0.5,,,,1234570,0.25,12.5\n",
                Files.readString(path()));
    }

    @Test
    void resumedRunHasEveryEpochOnce() throws IOException {
        var first = new MetricsFile(path());
        first.on(started(0));
        first.on(epoch(1, null));
        first.on(epoch(2, null));
        first.on(epoch(3, null));
        var second = new MetricsFile(path());
        second.on(started(2));
        second.on(epoch(3, null));
        assertEquals(
                List.of("epoch", "1", "2", "3"),
                Files.readAllLines(path()).stream()
                        .map(row -> row.split(",", -1)[0])
                        .toList());
    }

    @Test
    void newRunReplacesAnOldOne() throws IOException {
        Files.writeString(path(), "something else");
        new MetricsFile(path()).on(started(0));
        assertEquals(HEADER, Files.readString(path()));
    }

    @Test
    void foreignFileIsNotTakenForMetrics() throws IOException {
        Files.writeString(path(), "a,b\n1,2\n");
        assertThrows(MalformedFileException.class, () -> new MetricsFile(path()).on(started(1)));
        Files.writeString(path(), HEADER + "one,2\n");
        MalformedFileException thrown =
                assertThrows(MalformedFileException.class, () -> new MetricsFile(path()).on(started(1)));
        assertEquals(OptionalLong.of(HEADER.length()), thrown.offset());
        Files.write(path(), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThrows(MalformedFileException.class, () -> new MetricsFile(path()).on(started(1)));
    }

    @Test
    void missingFileIsBegunAgain() throws IOException {
        new MetricsFile(path()).on(started(1));
        assertEquals(HEADER, Files.readString(path()));
    }

    private Path path() {
        return folder.resolve("metrics.csv");
    }

    private static TrainingEvent started(int completedEpochs) {
        return new TrainingEvent.Started(5, 10, 1, completedEpochs, 0, completedEpochs > 0);
    }

    private static TrainingEvent epoch(int number, @Nullable ValidationMetrics validation) {
        return new TrainingEvent.EpochCompleted(
                new EpochMetrics(number, 1e-5, 1 / 3.0, 0.5, validation, 1234567.8, 0.25, 12.5), false);
    }
}
