package org.resnet4j.cli.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Cli;

class EvaluateCommandTest {
    private static final String TRAINED_ON = "note: the model was trained on ";

    @TempDir
    private Path folder;

    private Path divided;
    private Path undivided;

    @BeforeEach
    void writePictures() throws IOException {
        divided = folder.resolve("divided");
        Cli.pictures(divided.resolve("train"), 6, 0);
        Cli.pictures(divided.resolve("val"), 2, 10);
        undivided = Cli.pictures(folder.resolve("undivided"), 10, 0);
    }

    private Path trained(Path data, Object... more) {
        Path model = folder.resolve("model");
        Object[] line = {"train", "--data", data, "--model", "resnet8", "--epochs", 1, "--output", model};
        Object[] all = Arrays.copyOf(line, line.length + more.length);
        System.arraycopy(more, 0, all, line.length, more.length);
        Cli cli = Cli.run(all);
        assertEquals(0, cli.code(), cli.err());
        return model;
    }

    private static Cli evaluate(Path model, Path data) {
        Cli cli = Cli.run("evaluate", model, "--data", data);
        assertEquals(0, cli.code(), cli.err());
        return cli;
    }

    @Test
    void partOfTheDataAndTheAccuracyOfGuessingAreSaid() throws IOException {
        Path model = trained(divided);
        Files.delete(divided.resolve("val/light/0.png"));

        Cli part = evaluate(model, divided);
        assertTrue(part.out().contains("\n  validation part 'val' of " + divided + ": 5 images\n"), part.out());
        assertTrue(part.out().contains("\n  always answering 'dark', the most frequent class: 40.00 %\n"), part.out());

        Cli all = evaluate(model, undivided);
        assertTrue(all.out().contains("\n  all images of " + undivided + ": 30 images\n"), all.out());
    }

    @Test
    void evaluationOnThePicturesOfTheTrainingIsNoted() {
        Path model = trained(divided);

        Cli same = evaluate(model, divided.resolve("train"));
        assertTrue(same.err().contains(TRAINED_ON + "these images;"), same.err());
        assertFalse(evaluate(model, divided).err().contains(TRAINED_ON), "the validation part is another");
        assertFalse(evaluate(model, divided.resolve("val")).err().contains(TRAINED_ON), "named by its folder, too");
        assertFalse(evaluate(model, undivided).err().contains(TRAINED_ON), "other pictures");
    }

    @Test
    void picturesHeldOutFromTheTrainingAreNotCounted() {
        Path model = trained(undivided, "--seed", 5);

        Cli cli = evaluate(model, undivided);
        assertTrue(cli.err().contains(TRAINED_ON + "27 of these 30 images;"), cli.err());
    }

    @Test
    void nothingIsSaidIfTheTrainingIsUnknown() throws IOException {
        Path model = trained(undivided);
        Files.delete(model.resolve("arguments.json"));

        assertFalse(evaluate(model, undivided).err().contains(TRAINED_ON));
    }
}
