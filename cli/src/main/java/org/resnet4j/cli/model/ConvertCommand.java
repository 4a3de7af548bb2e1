package org.resnet4j.cli.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.CommonOptions;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.ExitCode;
import org.resnet4j.cli.shell.Json;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFile;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.WeightFiles;
import org.resnet4j.model.WeightOptions;
import org.resnet4j.model.labels.LabelFile;
import org.resnet4j.onnx.OnnxFile;
import org.resnet4j.onnx.OnnxOptions;
import org.resnet4j.resnet.state.LoadReport;
import org.resnet4j.resnet.state.ResNetState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The {@code convert} command, which converts a model to another file format. */
@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        description = {
            "Convert a trained network to another format, and list renamed and unused tensors.",
            "The extension of OUTPUT selects the format: .safetensors (with config.json beside it, readable by"
                    + " timm); .pth, .pt or .th (for torch.load); .onnx; none for a model folder. The class names of"
                    + " a weight file are in NAME.labels.txt beside it.",
            "A quantized model stays quantized in a model folder and in an ONNX file. Other formats get its weights in"
                    + " float32."
        },
        footer = {
            "",
            "Examples:",
            "  resnet4j convert pets pets.onnx",
            "  resnet4j convert pets pets.pth",
            "  resnet4j convert resnet50.pth resnet50/",
            "  resnet4j convert pets pets-hf --for transformers",
            "  resnet4j convert hub:timm/resnet18.a1_in1k resnet18/"
        })
public final class ConvertCommand implements Callable<Integer> {
    private static final String SAFETENSORS = ".safetensors";
    private static final String ONNX = ".onnx";
    private static final String TIMM = "timm";
    private static final String TRANSFORMERS = "transformers";

    private final Console console;

    @Spec
    private CommandSpec command;

    @Parameters(
            index = "0",
            paramLabel = "INPUT",
            description = "A model folder, hub:OWNER/NAME, or a weight file (safetensors, PyTorch or ONNX).")
    private String input;

    @Parameters(index = "1", paramLabel = "OUTPUT", description = "The file or model folder to write.")
    private Path output;

    @Mixin
    private WeightFileOptions weights;

    @Option(
            names = "--for",
            paramLabel = "LIBRARY",
            description = "Library that reads the written model folder: timm or transformers (default:"
                    + " ${DEFAULT-VALUE}).")
    private String library = TIMM;

    @Option(names = "--overwrite", description = "Replace existing files.")
    private boolean overwrite;

    @Mixin
    private CommonOptions common;

    public ConvertCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        weights.check();
        Range.checkOneOf(command, "--for", library, List.of(TIMM, TRANSFORMERS));
        checkOutput();
        ModelLocation location = ModelLocation.find(input, console);
        WeightOptions options = weights.of(location, console);
        try (ModelFile file = open(location, options)) {
            Model model = file.read();
            LoadReport report = match(location, file, model);
            write(model, file);
            report(model, report);
        }
        return ExitCode.DONE.code();
    }

    private boolean endsWith(String extension) {
        return String.valueOf(output.getFileName()).toLowerCase(Locale.ROOT).endsWith(extension);
    }

    private boolean isFolder() {
        return !endsWith(SAFETENSORS) && !endsWith(ONNX) && !WeightFiles.isTorchName(output);
    }

    private Path configBeside() {
        return output.resolveSibling(ModelFolder.CONFIG);
    }

    private void checkOutput() throws CommandFailure {
        String file = String.valueOf(output.getFileName());
        if (isFolder() && file.lastIndexOf('.') > 0 && !Files.isDirectory(output)) {
            throw new ParameterException(
                    command.commandLine(),
                    output + ": the extension must be .safetensors, .pth, .pt, .th or .onnx; a model folder has none");
        }
        if (isFolder() && Files.exists(output) && !Files.isDirectory(output)) {
            throw CommandFailure.input(output, output + " is a file; a model folder cannot be created there");
        }
        if (!isFolder() && Files.isDirectory(output)) {
            throw CommandFailure.input(output, output + " is a folder");
        }
        if (!isFolder() && library.equals(TRANSFORMERS)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--for " + TRANSFORMERS + " writes a model folder; " + output + " is a file");
        }
        if (overwrite) {
            return;
        }
        List<Path> written = endsWith(SAFETENSORS)
                ? List.of(output, configBeside(), LabelFile.beside(output))
                : isFolder()
                        ? List.of(output.resolve(ModelFolder.WEIGHTS), output.resolve(ModelFolder.CONFIG))
                        : endsWith(ONNX) ? List.of(output) : List.of(output, LabelFile.beside(output));
        for (Path path : written) {
            if (Files.exists(path)) {
                throw CommandFailure.input(path, path + " exists; --overwrite replaces it");
            }
        }
    }

    private static ModelFile open(ModelLocation location, WeightOptions options) throws CommandFailure, IOException {
        if (!location.isFolder()) {
            return ModelFolder.open(location.path(), options);
        }
        location.checkFolder();
        try {
            return ModelFolder.open(location.path(), options);
        } catch (NoSuchFileException missing) {
            Path file = Path.of(missing.getFile()).getFileName();
            throw location.lacks(String.valueOf(file), missing);
        }
    }

    /** Returns the report on the tensors of a file. Those of a folder have the network's names. */
    private static LoadReport match(ModelLocation location, ModelFile file, Model model) {
        return location.isFolder()
                ? ResNetState.match(model.network(), ResNetState.stateDict(model.network()))
                : ResNetState.match(model.network(), file.weights());
    }

    private void write(Model model, ModelFile file) throws IOException {
        Path folder = output.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        if (isFolder() && library.equals(TRANSFORMERS)) {
            writeForTransformers(model);
        } else if (isFolder()) {
            ModelFolder.save(output, file);
        } else if (endsWith(ONNX)) {
            int size = model.transform().inputSize();
            OnnxFile.write(
                    output,
                    model.network(),
                    file.weights(),
                    OnnxOptions.of(model.network().spec())
                            .withImages(size, size)
                            .withLabels(model.labels()));
        } else {
            WeightFiles.write(output, ResNetState.stateDict(model.network()));
            if (endsWith(SAFETENSORS)) {
                ModelFolder.saveDescription(configBeside(), model);
            }
            LabelFile.write(LabelFile.beside(output), model.labels());
        }
    }

    private void writeForTransformers(Model model) throws IOException {
        try {
            ModelFolder.saveForTransformers(output, model);
        } catch (IllegalArgumentException other) {
            throw new ParameterException(
                    command.commandLine(), "--for " + TRANSFORMERS + ": " + other.getMessage(), other);
        }
    }

    private void report(Model model, LoadReport report) {
        int tensors = report.applied().size();
        if (common.json()) {
            var result = new LinkedHashMap<String, Object>();
            result.put("tensors", tensors);
            result.put("applied", report.applied());
            result.put("missing", report.missing());
            result.put("unused", report.harmless());
            result.put(
                    "mismatched",
                    report.mismatched().stream().map(String::valueOf).toList());
            result.put("renamed", report.renamed());
            result.put("output", output.toString());
            console.print(Json.write(result));
            return;
        }
        String line = String.format(
                Locale.ROOT,
                "%s: %d tensors, %,d parameters, written to %s",
                model.network().spec().name(),
                tensors,
                model.network().parameterCount(),
                output);
        console.tell(line, output);
        for (Map.Entry<String, String> renamed : report.renamed().entrySet()) {
            console.print("  " + renamed.getValue() + " is " + renamed.getKey());
        }
        for (String unused : report.harmless()) {
            console.print("  " + unused + " is not used");
        }
    }
}
