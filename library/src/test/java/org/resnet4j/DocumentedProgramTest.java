package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.training.log.MetricsRows;

/** Compiles the first program of each page as it stands there, and runs the one that trains. */
class DocumentedProgramTest {
    @TempDir
    private Path folder;

    private Path pictures() throws IOException {
        Path pictures = folder.resolve("photos");
        for (int label = 0; label < 2; label++) {
            Path place = Files.createDirectories(pictures.resolve("class" + label));
            for (int i = 0; i < 10; i++) {
                var image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
                for (int pixel = 0; pixel < 64; pixel++) {
                    image.setRGB(pixel % 8, pixel / 8, (pixel * 31 + i * 7) % 40 * 0x010101 + label * 0xb0b0b0);
                }
                ImageIO.write(image, "png", place.resolve(i + ".png").toFile());
            }
        }
        return pictures;
    }

    /** A reader pastes the first example of a page into a file: imports and all, it must compile. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "README.pt-BR.md",
                "docs/hub.md",
                "docs/library.md",
                "docs/networks.md",
                "docs/onnx.md",
                "docs/prediction.md",
                "docs/weights.md"
            })
    void theFirstExampleOfAPageCompilesAsPasted(String page) throws IOException {
        DocumentedCode.compile("Example.java", DocumentedCode.after(page, ""), folder);
    }

    /** The text of the pages declares the names that the shorter examples use. */
    @ParameterizedTest
    @ValueSource(
            strings = {"docs/bfloat16.md", "docs/library.md", "docs/onnx.md", "docs/prediction.md", "docs/startup.md"})
    void theShorterExamplesOfAPageCompileWithImports(String page) throws IOException {
        String declarations = """
            ImageClassifier classifier;
            List<Path> files;
            Map<Path, Object> index;
            Log log;
            interface Log {
                void warn(String message);
            }
            """;
        List<String> fragments = DocumentedCode.fragments(page);
        assertFalse(fragments.isEmpty(), page);
        for (String fragment : fragments) {
            DocumentedCode.compile("Example.java", DocumentedCode.program(fragment, declarations), folder);
        }
    }

    /** A page with a first example is in the list above, or another test compiles it. */
    @Test
    void noPageIsMissing() throws IOException {
        var elsewhere = Set.of("residual-networks.md", "pt-BR/residual-networks.md", "serving.md", "spark.md");
        var listed = Set.of(
                "bfloat16.md",
                "hub.md",
                "library.md",
                "networks.md",
                "onnx.md",
                "prediction.md",
                "startup.md",
                "weights.md");
        var expected = new TreeSet<>(elsewhere);
        expected.addAll(listed);
        var pages = new TreeSet<String>();
        Path docs = Path.of("..", "docs");
        try (var files = Files.walk(docs)) {
            for (Path page :
                    files.filter(file -> file.toString().endsWith(".md")).toList()) {
                if (Files.readString(page).contains("```java")) {
                    pages.add(docs.relativize(page).toString().replace('\\', '/'));
                }
            }
        }
        assertEquals(expected, pages);
    }

    @Test
    void theProgramOfTheDocumentTrains() throws Exception {
        String program = DocumentedCode.after("docs/library.md", "\n## Train\n");
        String body = program.substring(program.indexOf("class "));
        assertTrue(body.lines().count() <= 15, "a program trains in fifteen lines, imports aside");
        DocumentedCode.compile("TrainPets.java", program, folder);
        Path model = folder.resolve("pets");
        try (var loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            var main = loader.loadClass("TrainPets").getDeclaredMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) new String[] {pictures().toString(), model.toString()});
        }
        assertEquals(2, MetricsRows.read(new RunFolder(model).metrics()).count());
        assertEquals(List.of("class0", "class1"), ModelFolder.load(model).labels());
    }
}
