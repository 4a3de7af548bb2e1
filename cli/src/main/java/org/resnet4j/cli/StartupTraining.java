package org.resnet4j.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.resnet4j.cli.serve.ServeCommand;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.Shell;
import org.resnet4j.compute.Compute;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.inference.WarmUp;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;

/**
 * The training run for the JVM's ahead-of-time cache, which records the classes that a start needs and the hot methods.
 * The launcher runs it after a build, once for short commands and once for all. It predicts with a network of zeros,
 * trains for some steps, and serves it, in one process, and prints nothing.
 */
public final class StartupTraining {
    private static final int WIDTH = 500;
    private static final int HEIGHT = 375;

    /** Photographs of each of two classes, for enough steps of training. */
    private static final int PHOTOGRAPHS = 20;

    /** Enough runs for the hot methods to be compiled, so that the cache records them. */
    private static final int RUNS = 6;

    private StartupTraining() {}

    /**
     * Runs the commands.
     *
     * @param arguments a folder that does not exist yet, which is created and not removed; and {@code short} for the
     *     commands that start without the Vector API, or {@code full}
     */
    public static void main(String[] arguments) throws IOException {
        boolean isFull = arguments[1].equals("full");
        if (!isFull) {
            requireMachineCode();
        }
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        ResNetSpec spec = ResNets.named("resnet18");
        Path model = folder.resolve("model");
        List<String> labels =
                IntStream.range(0, spec.classes()).mapToObj(Integer::toString).toList();
        var transform =
                EvaluationTransform.ofCropPct(spec.imageSize(), 0.875, Interpolation.BILINEAR, Normalization.IMAGENET);
        ModelFolder.save(model, new Model(ResNet.undrawn(spec), labels, transform));
        Path jpeg = picture(folder, "jpg");
        Path png = picture(folder, "png");
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        var console = new Console(nowhere, nowhere, false);
        for (int run = 0; run < RUNS; run++) {
            check(Main.run(console, "predict", model.toString(), jpeg.toString()));
        }
        check(Main.run(console, "predict", model.toString(), jpeg.toString(), png.toString(), "--json"));
        if (isFull) {
            check(Main.run(console, "info", model.toString(), "--plan"));
            train(console, folder);
            var serve = new ServeCommand(console, Map.of());
            check(Shell.commandLine(console, List.of(serve)).execute("serve", "--print-config"));
            StartupRequests.send(model, transform.inputSize(), jpeg);
        }
        check(Main.run(console, "--help"));
        check(Main.run(console, "--version"));
    }

    /** Fails where predictions need the Vector API, so that there is no cache for starts without it. */
    private static void requireMachineCode() throws IOException {
        try (Compute compute = WarmUp.start(1)) {
            if (compute.name().equals(Compute.bestKernels())) {
                throw new IOException("there is no machine code for first calls");
            }
        }
    }

    /** Trains on photographs, with the layers of a network for photographs. */
    private static void train(Console console, Path folder) throws IOException {
        Path data = folder.resolve("photographs");
        for (String label : List.of("first", "second")) {
            Path of = Files.createDirectories(data.resolve(label));
            for (int i = 0; i < PHOTOGRAPHS; i++) {
                Files.move(picture(of, "jpg"), of.resolve(i + ".jpg"));
            }
        }
        String output = folder.resolve("trained").toString();
        check(Main.run(
                console,
                "train",
                "--data",
                data.toString(),
                "--model",
                "resnet18",
                "--image-size",
                "64",
                "--batch-size",
                "8",
                "--epochs",
                "6",
                "--output",
                output));
    }

    private static void check(int code) throws IOException {
        if (code != 0) {
            throw new IOException("the command ended with exit code " + code);
        }
    }

    private static Path picture(Path folder, String format) throws IOException {
        var image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                image.setRGB(x, y, x * 0x010203 ^ y * 0x030105);
            }
        }
        Path file = folder.resolve("picture." + format);
        if (!ImageIO.write(image, format, file.toFile())) {
            throw new IOException("this Java cannot write " + format);
        }
        return file;
    }
}
