package org.resnet4j.model.labels;

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
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.weights.MalformedFileException;

class LabelFileTest {
    @TempDir
    private Path folder;

    private List<String> read(String content) throws IOException {
        return LabelFile.read(Files.writeString(folder.resolve("names"), content));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "maçã\nuva\n",
                "maçã\nuva",
                "\uFEFFmaçã\r\nuva\r\n\r\n",
                "  maçã \n\tuva\n \n",
                "[\"maçã\", \"uva\"]",
                " {\"1\": \"uva\", \"0\": \"maçã\"}\n",
                "{\"0\": [\"n1\", \"maçã\"], \"1\": [\"n2\", \"uva\"]}"
            })
    void linesAndJsonAreRead(String content) throws IOException {
        assertEquals(List.of("maçã", "uva"), read(content));
    }

    private void refused(String content, String reason) {
        var thrown = assertThrows(MalformedFileException.class, () -> read(content));
        assertTrue(String.valueOf(thrown.getMessage()).contains(reason), thrown.getMessage());
    }

    @Test
    void otherFilesAreRefusedWithThePlace() throws IOException {
        refused("", "it has no class names");
        refused("\n\n", "it has no class names");
        refused("cat\n\ndog\n", "line 2 is empty");
        refused("[\"cat\", 3]", "the name of class 1 must be a text, got 3");
        refused("[\"cat\", \"\"]", "the name of class 1 must be a text");
        refused("{\"1\": \"cat\", \"2\": \"dog\"}", "class 0 has no name");
        refused("{\"0\": []}", "the name of class 0 must be a text, got []");
        refused("[\"cat\"", "");
        refused("[\"cat\"] and more", "");
        Path latin = Files.write(folder.resolve("latin"), new byte[] {'m', 'a', (byte) 0xE7, '\n'});
        var thrown = assertThrows(MalformedFileException.class, () -> LabelFile.read(latin));
        assertTrue(String.valueOf(thrown.getMessage()).contains("not a text in UTF-8"), thrown.getMessage());
    }

    @Test
    void everyNameSurvives() throws IOException {
        Path file = folder.resolve("written");
        for (List<String> names : List.of(
                List.of("cat", "dog"),
                List.of("a b", "ç"),
                List.of(" cat", "dog\n2", "[x]", "{y}", "a\\b\"c"),
                List.of("[x]"),
                List.of("{y}"),
                List.of("dog\u2028x", "tab\t"))) {
            LabelFile.write(file, names);
            assertEquals(names, LabelFile.read(file));
        }
        LabelFile.write(file, List.of("cat", "dog"));
        assertEquals("cat\ndog\n", Files.readString(file));
    }

    @Test
    void theFileBesideWeightsIsCalledAfterThem() {
        assertEquals(Path.of("a", "pets.labels.txt"), LabelFile.beside(Path.of("a", "pets.pth")));
        assertEquals(Path.of("pets.v2.labels.txt"), LabelFile.beside(Path.of("pets.v2.onnx")));
        assertEquals(Path.of("pets.labels.txt"), LabelFile.beside(Path.of("pets")));
        assertEquals(Path.of(".pets.labels.txt"), LabelFile.beside(Path.of(".pets")));
    }
}
