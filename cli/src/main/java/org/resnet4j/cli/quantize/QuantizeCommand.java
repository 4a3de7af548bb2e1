package org.resnet4j.cli.quantize;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.resnet4j.ImageClassifier;
import org.resnet4j.cli.model.LabelMap;
import org.resnet4j.cli.model.ModelParameter;
import org.resnet4j.cli.shell.CacheFolder;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.CommonOptions;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.DownloadLine;
import org.resnet4j.cli.shell.ExitCode;
import org.resnet4j.cli.shell.Json;
import org.resnet4j.cli.shell.ProgressLine;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.evaluation.Tally;
import org.resnet4j.hub.Hub;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.quantization.ModelPlans;
import org.resnet4j.quantization.Quantizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The {@code quantize} command, which converts a trained network to 8-bit integers. */
@Command(
        name = "quantize",
        mixinStandardHelpOptions = true,
        description = {
            "Convert a trained network to 8-bit integers: a quarter of the size, and on many processors several times"
                    + " faster.",
            "The ranges of the values are measured on pictures of the training set. Both networks are then compared"
                    + " on the validation set. OUTPUT is used like any other model folder."
        },
        footer = {
            "",
            "Examples:",
            "  resnet4j quantize pets pets-int8 --data photos/",
            "  resnet4j quantize pets pets-int8 --data photos/ --keep conv1,fc"
        })
public final class QuantizeCommand implements Callable<Integer> {
    private static final int MOST_SAMPLES = 100_000;
    private static final double PERCENT = 100;
    private static final double MEGABYTE = 1e6;

    private final Console console;

    @Spec
    private CommandSpec command;

    @Mixin
    private ModelParameter modelParameter;

    @Parameters(index = "1", paramLabel = "OUTPUT", description = "The model folder to write.")
    private Path output;

    @Mixin
    private CommonOptions common;

    @Option(names = "--data", paramLabel = "SOURCE", required = true, description = "Labeled images, as for train.")
    private String source;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "Number of training images by which ranges are measured (default: ${DEFAULT-VALUE}).")
    private int samples = 256;

    @Option(
            names = "--keep",
            paramLabel = "LAYER",
            split = ",",
            description = "Layers that stay in float32, by their names in info.")
    private List<String> keep = List.of();

    @Option(names = "--batch-size", paramLabel = "N", description = "Images per batch (default: ${DEFAULT-VALUE}).")
    private int batchSize = 16;

    public QuantizeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        int threads = common.threads();
        Range.check(command, "--samples", samples, 1, MOST_SAMPLES);
        Range.check(command, "--batch-size", batchSize, 1, 65_536);
        checkOutput();
        checkInput();
        Model model = modelParameter.load(console);
        var options = DatasetOptions.defaults(CacheFolder.find()).withProgress(new DownloadLine(console));
        var loading = LoaderOptions.of(batchSize).withThreads(threads);
        try (DatasetSplits data = Datasets.open(source, options);
                Compute compute = Compute.best(threads)) {
            int[] classes = LabelMap.of(source, data.validation().classes(), model.labels());
            Quantizer.Result result = quantize(new Quantizer(model, compute), data, loading);
            result.save(output);
            Comparison comparison = compare(model, data, classes, loading);
            report(result, comparison, weightBytes());
        }
        return ExitCode.DONE.code();
    }

    private void checkOutput() throws CommandFailure {
        if (Files.exists(output) && !Files.isDirectory(output)) {
            throw CommandFailure.input(output, output + " is a file; a model folder cannot be created there");
        }
        if (ModelFolder.isModel(output)) {
            throw CommandFailure.input(output, output + " is a model folder already, which is not overwritten");
        }
    }

    private void checkInput() throws CommandFailure, IOException {
        String typed = modelParameter.typed();
        if (!Hub.isName(typed)
                && Files.exists(Path.of(typed).resolve(ModelFolder.CONFIG))
                && ModelFolder.isQuantized(Path.of(typed))) {
            throw CommandFailure.input(
                    typed, typed + " is quantized already; quantize the model that it was made from");
        }
    }

    private Quantizer.Result quantize(Quantizer quantizer, DatasetSplits data, LoaderOptions loading)
            throws IOException {
        int count = Math.min(samples, data.train().size());
        try (var bar = new ProgressLine(console, "calibrate", count)) {
            return quantizer.quantize(data.train(), count, new LinkedHashSet<>(keep), loading, bar::advance);
        } catch (IllegalArgumentException unknown) {
            throw new ParameterException(command.commandLine(), "--keep: " + unknown.getMessage(), unknown);
        }
    }

    private Comparison compare(Model model, DatasetSplits data, int[] classes, LoaderOptions loading)
            throws IOException {
        try (ImageClassifier original = ImageClassifier.builder()
                        .model(model)
                        .threads(loading.threads())
                        .build();
                ImageClassifier quantized = ImageClassifier.builder()
                        .model(output)
                        .threads(loading.threads())
                        .build();
                var bar = new ProgressLine(
                        console, "compare", 2L * data.validation().size())) {
            return Comparison.of(original, quantized, data.validation(), classes, loading, bar::advance);
        }
    }

    private long weightBytes() throws IOException {
        return Files.size(output.resolve(ModelFolder.WEIGHTS));
    }

    private void report(Quantizer.Result result, Comparison comparison, long bytes) {
        Tally original = comparison.original();
        Tally quantized = comparison.quantized();
        if (common.json()) {
            var json = new LinkedHashMap<String, Object>();
            json.put("samples", result.samples());
            json.put("float", Map.of("top1", original.top1Share(), "imagesPerSecond", comparison.originalSpeed()));
            json.put("int8", Map.of("top1", quantized.top1Share(), "imagesPerSecond", comparison.quantizedSpeed()));
            json.put("agreement", comparison.agreement());
            json.put("ranges", result.rule());
            json.put("bytes", bytes);
            json.put("output", output.toString());
            console.print(Json.write(json));
            return;
        }
        console.tell(String.format(
                Locale.ROOT,
                "%d of %d layers quantized, ranges of %d images by %s",
                result.quantized(),
                result.layers(),
                result.samples(),
                result.rule()));
        long floatBytes = Float.BYTES * result.model().network().parameterCount();
        console.tell(line("float32", original, comparison.originalSpeed(), floatBytes));
        console.tell(line("int8", quantized, comparison.quantizedSpeed(), bytes));
        console.tell(String.format(
                Locale.ROOT,
                "the same class for %.2f %% of %d images; %.1f times as fast",
                PERCENT * comparison.agreement(),
                original.samples(),
                comparison.quantizedSpeed() / comparison.originalSpeed()));
        console.tell("written to " + output, output);
        if (comparison.quantizedSpeed() < comparison.originalSpeed()) {
            console.note(
                    "note: on this machine int8 is slower than float32; it computes with " + ModelPlans.int8Kernels());
        }
    }

    private static String line(String format, Tally tally, double speed, long bytes) {
        return String.format(
                Locale.ROOT,
                "  %-7s  top-1 %.2f %% (%d of %d), %.0f images/s, %.1f MB",
                format,
                PERCENT * tally.top1Share(),
                tally.top1(),
                tally.samples(),
                speed,
                bytes / MEGABYTE);
    }
}
