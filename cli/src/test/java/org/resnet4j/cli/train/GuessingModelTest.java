package org.resnet4j.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Cli;

/** Tests of the note that a model is no better than always giving the same answer. */
class GuessingModelTest {
    private static final String NOTE = "note: this model is no better than guessing: right for ";

    @TempDir
    private Path folder;

    private Cli train(Path data, int epochs) {
        Cli cli = Cli.run(
                "train", "--data", data, "--model", "resnet8", "--epochs", epochs, "--output", folder.resolve("m"));
        assertEquals(0, cli.code(), cli.err());
        return cli;
    }

    @Test
    void modelOfIndistinguishableClassesIsSavedAndTheNoteNamesTheReasons() throws IOException {
        Path data = Cli.pictures(folder.resolve("data"), 10, 0);
        for (String name : new String[] {"light", "striped"}) {
            for (int i = 0; i < 10; i++) {
                Files.copy(
                        data.resolve("dark/0.png"),
                        data.resolve(name + "/" + i + ".png"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }

        Cli cli = train(data, 1);

        assertTrue(Files.exists(folder.resolve("m/model.safetensors")), "the model is saved");
        assertTrue(cli.err().contains(NOTE + "33.33 % of the validation images"), cli.err());
        assertTrue(cli.err().contains("the most frequent class: 33.33 %"), cli.err());
        assertTrue(cli.err().contains("\n  resnet4j inspect data " + data + "\n"), cli.err());
    }

    @Test
    void modelThatHasLearnedGetsNoNote() throws IOException {
        Cli cli = train(Cli.pictures(folder.resolve("data"), 20, 0), 15);

        assertTrue(cli.out().contains("validation top-1 100.00 %"), cli.out());
        assertFalse(cli.err().contains(NOTE), cli.err());
    }
}
