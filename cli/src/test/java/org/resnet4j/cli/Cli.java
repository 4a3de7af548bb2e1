package org.resnet4j.cli;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.resnet4j.cli.shell.Console;
import tools.jackson.jr.ob.JSON;

/** A run of the command in the test's JVM, with its output captured. */
public record Cli(int code, String out, String err) {
    /** The system property that names an image, of {@code ./resnet4j-image}, to run processes with. */
    private static final String IMAGE = "resnet4j.image";

    public static Cli run(Object... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        String[] words = List.of(arguments).stream().map(Object::toString).toArray(String[]::new);
        int code = Main.run(console, words);
        return new Cli(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Returns the command line of a process that runs the same command. */
    public static List<String> processOf(Object... arguments) {
        return process(List.of("--add-modules", "jdk.incubator.vector"), arguments);
    }

    /**
     * Returns the command line of a process that starts as short commands do: without the Vector API and the second
     * compiler, which take most of the time of a run on a few tiny pictures.
     */
    public static List<String> quickProcessOf(Object... arguments) {
        return process(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), arguments);
    }

    private static List<String> process(List<String> options, Object... arguments) {
        var command = new ArrayList<String>();
        String image = System.getProperty(IMAGE);
        if (image == null) {
            command.add(ProcessHandle.current().info().command().orElseThrow());
            command.addAll(options);
            command.addAll(List.of("-Xmx512m", "-cp", System.getProperty("java.class.path"), "org.resnet4j.cli.Main"));
        } else {
            command.add(Path.of(image, "bin", "resnet4j").toString());
        }
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    /** Returns the JSON object on the last line of standard output. */
    public Map<String, Object> json() {
        return JSON.std.mapFrom(out.lines().toList().getLast());
    }

    /** Returns the error object of {@code --json}. */
    public Map<?, ?> error() {
        return (Map<?, ?>) json().get("error");
    }

    /**
     * Writes a folder of class folders: dark, light and striped squares of 8 pixels, which differ from each other and
     * from those of another offset.
     */
    public static Path pictures(Path folder, int perClass, int offset) throws IOException {
        for (String name : List.of("dark", "light", "striped")) {
            Path classFolder = Files.createDirectories(folder.resolve(name));
            for (int i = 0; i < perClass; i++) {
                ImageIO.write(
                        picture(name, i + offset),
                        "png",
                        classFolder.resolve(i + ".png").toFile());
            }
        }
        return folder;
    }

    private static BufferedImage picture(String name, int number) {
        var image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 8; y++) {
            for (int x = 0; x < 8; x++) {
                int noise = (number * 31 + x * 7 + y * 13) % 40;
                int level = switch (name) {
                    case "dark" -> noise;
                    case "light" -> 215 + noise;
                    default -> x % 2 == 0 ? noise : 215 + noise;
                };
                image.setRGB(x, y, level << 16 | level << 8 | level);
            }
        }
        return image;
    }
}
