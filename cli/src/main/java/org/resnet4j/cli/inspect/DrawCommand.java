package org.resnet4j.cli.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.model.DescribedNetwork;
import org.resnet4j.cli.model.ModelName;
import org.resnet4j.cli.model.NetworkNames;
import org.resnet4j.cli.model.WeightFileOptions;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.CommonOptions;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.ExitCode;
import org.resnet4j.cli.shell.Json;
import org.resnet4j.cli.shell.OutputFile;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.file.AtomicFile;
import org.resnet4j.insight.NetworkDrawing;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.tensor.ShapeMismatchException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The {@code inspect draw} command, which draws a network or a block. */
@Command(
        name = "draw",
        mixinStandardHelpOptions = true,
        description = {
            "Draw a network or one of its blocks as an SVG file.",
            "The drawing distinguishes identity blocks from convolutional blocks, and shows one block of each kind"
                    + " in detail."
        },
        footer = {
            "",
            "Examples:",
            "  resnet4j inspect draw resnet50 -o resnet50.svg",
            "  resnet4j inspect draw pets --block layer2.0"
        })
final class DrawCommand implements Callable<Integer> {
    private static final int MAX_IMAGE_SIZE = 16_384;
    private static final String SVG = ".svg";

    private final Console console;

    @Spec
    private CommandSpec command;

    @Parameters(
            index = "0",
            paramLabel = "MODEL|NAME",
            completionCandidates = NetworkNames.class,
            description = DescribedNetwork.MODELS)
    private String model;

    @Mixin
    private WeightFileOptions weights;

    @Mixin
    private OutputFile output;

    @Option(
            names = "--block",
            paramLabel = "NAME",
            description = "Draw only this block, such as layer2.0 (for the names, see info).")
    private @Nullable String block;

    @Option(
            names = "--image-size",
            paramLabel = "N",
            description = "Show shapes for images of N x N pixels (default: the network's input size).")
    private @Nullable Integer imageSize;

    @Mixin
    private CommonOptions common;

    DrawCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        if (imageSize != null) {
            Range.check(command, "--image-size", imageSize, 1, MAX_IMAGE_SIZE);
        }
        output.check(SVG);
        DescribedNetwork described = DescribedNetwork.find(model, weights, console);
        String drawing = draw(described.network(), imageSize != null ? imageSize : described.imageSize());
        ModelName named = ModelName.of(model, described.network().spec().name());
        String name = named.file() + (block == null ? "" : "-" + block);
        Path file = output.orElse(name + SVG);
        output.checkFree(file);
        AtomicFile.write(file, drawing);
        report(name, file);
        return ExitCode.DONE.code();
    }

    private String draw(ResNet network, int size) {
        try {
            return block == null
                    ? NetworkDrawing.ofNetwork(network, size)
                    : NetworkDrawing.ofBlock(network, block, size);
        } catch (ShapeMismatchException tooSmall) {
            throw new ParameterException(command.commandLine(), "--image-size " + size + ": " + tooSmall.getMessage());
        } catch (IllegalArgumentException unknown) {
            throw new ParameterException(command.commandLine(), "--block: " + unknown.getMessage());
        }
    }

    private void report(String name, Path file) {
        if (common.json()) {
            var result = new LinkedHashMap<String, Object>();
            result.put("name", name);
            result.put("output", file.toString());
            console.print(Json.write(result));
        } else {
            console.tell(name + " drawn in " + file, file);
        }
    }
}
