package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.training.log.MetricsRows;

/** Compiles and runs the program of docs/library.md as it stands there. */
class DocumentedProgramTest {
    private static final String BEGIN = "```java\n";
    private static final String END = "```";

    @TempDir
    private Path folder;

    private static String program() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "library.md"));
        int section = page.indexOf("\n## Train\n");
        int begin = page.indexOf(BEGIN, section) + BEGIN.length();
        assertTrue(section > 0 && begin > section, "docs/library.md has a section Train with a program");
        return page.substring(begin, page.indexOf(END, begin));
    }

    private void compile(String program) {
        var source = new SimpleJavaFileObject(URI.create("string:///TrainPets.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignored) {
                return program;
            }
        };
        var messages = new StringWriter();
        List<String> options = List.of("-d", folder.toString(), "-classpath", System.getProperty("java.class.path"));
        boolean compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(messages, null, null, options, null, List.of(source))
                .call();
        assertTrue(compiled, messages.toString());
    }

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

    @Test
    void theProgramOfTheDocumentTrains() throws Exception {
        String program = program();
        String body = program.substring(program.indexOf("class "));
        assertTrue(body.lines().count() <= 15, "a program trains in fifteen lines, imports aside");
        compile(program);
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
