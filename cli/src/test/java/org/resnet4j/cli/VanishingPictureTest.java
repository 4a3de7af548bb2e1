package org.resnet4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.cli.shell.Shell;
import org.resnet4j.cli.train.Supervisor;
import org.resnet4j.cli.train.TrainCommand;
import org.resnet4j.training.TrainingEvent;
import tools.jackson.jr.ob.JSON;

class VanishingPictureTest {
    @TempDir
    private Path folder;

    @Test
    void aValidationPictureThatVanishesIsSkippedAndTheReportWritten() throws IOException {
        Path data = folder.resolve("data");
        Cli.pictures(data.resolve("train"), 6, 0);
        Cli.pictures(data.resolve("val"), 4, 50);
        Path gone = data.resolve("val").resolve("light").resolve("0.png");
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        var deleting = new Supervisor() {
            @Override
            public void on(TrainingEvent event) throws IOException {
                if (event instanceof TrainingEvent.Started) {
                    Files.delete(gone);
                }
            }

            @Override
            public String resumption(OutputFolder output) {
                return "";
            }
        };
        Path model = folder.resolve("model");
        int code = Shell.commandLine(console, List.of(new TrainCommand(console, deleting)))
                .execute(
                        "train",
                        "--data",
                        data.toString(),
                        "--output",
                        model.toString(),
                        "--batch-size",
                        "6",
                        "--epochs",
                        "2",
                        "--json");

        String said = err.toString(StandardCharsets.UTF_8);
        assertEquals(0, code, said);
        assertTrue(said.contains("1 picture could not be read and was skipped"), said);
        assertTrue(said.contains(gone + ": the file no longer exists"), said);
        Map<String, Object> json = JSON.std.mapFrom(out.toString(StandardCharsets.UTF_8));
        assertEquals(11, ((Map<?, ?>) json.get("validation")).get("samples"));
        assertTrue(Files.exists(model.resolve("report.html")));
    }
}
