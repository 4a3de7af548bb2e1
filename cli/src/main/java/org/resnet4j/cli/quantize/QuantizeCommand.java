package org.resnet4j.cli.quantize;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.resnet4j.ImageClassifier;
import org.resnet4j.cli.model.LabelMap;
import org.resnet4j.cli.model.ModelParameter;
import org.resnet4j.cli.shell.CacheFolder;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.CommonOptions;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.DownloadLine;
import org.resnet4j.cli.shell.ExitCode;
import org.resnet4j.cli.shell.ProgressLine;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.NoReadableImageException;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.quantization.CalibratedNetwork;
import org.resnet4j.quantization.CalibratedNetwork.Sensitivity;
import org.resnet4j.quantization.QuantizedNetwork;
import org.resnet4j.quantization.Quantizer;
import org.resnet4j.quantization.ToleranceSearch;
import org.resnet4j.quantization.UnquantizableException;
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
            "  resnet4j quantize pets pets-int8 --data photos/ --keep conv1,fc",
            "  resnet4j quantize pets pets-int8 --data photos/ --tolerance 0.3"
        })
public final class QuantizeCommand implements Callable<Integer> {
    private static final int MOST_SAMPLES = 100_000;
    private static final int PERCENT = 100;

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

    @Option(
            names = "--tolerance",
            paramLabel = "POINTS",
            description = "Search for the layers that must stay in float32 so that top-1 on the validation set falls by"
                    + " at most so many percentage points, for example 0.3 (default: only those of --keep).")
    private @Nullable Double tolerance;

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
        if (tolerance != null) {
            Range.check(command, "--tolerance", tolerance, 0, PERCENT);
        }
        checkOutput();
        checkInput();
        Model model = modelParameter.load(console);
        LabelMap.requireSeveral(model);
        var options = DatasetOptions.defaults(CacheFolder.find()).withProgress(new DownloadLine(console));
        var loading = LoaderOptions.of(batchSize).withThreads(threads);
        try (Compute compute = Compute.best(threads)) {
            var quantizer = new Quantizer(model, compute);
            checkKept(quantizer);
            try (DatasetSplits data = Datasets.open(source, options)) {
                int[] classes = LabelMap.of(source, data.validation().classes(), model.labels());
                CalibratedNetwork calibrated = calibrate(quantizer, data, loading);
                quantize(model, calibrated, data, classes, loading);
            }
        } catch (NoReadableImageException none) {
            throw CommandFailure.input(source, source + " has no readable image", none);
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
        Path above = output.toAbsolutePath();
        while (above.getParent() != null && !Files.exists(above)) {
            above = above.getParent();
        }
        if (!Files.isDirectory(above) || !Files.isWritable(above)) {
            throw CommandFailure.input(
                    output,
                    output + " cannot be created: " + above
                            + (Files.isDirectory(above) ? " is not writable" : " is a file"));
        }
    }

    private void checkInput() throws CommandFailure, IOException {
        String typed = modelParameter.typed();
        if (modelParameter.isQuantized(console)) {
            throw CommandFailure.input(
                    typed, typed + " is quantized already; quantize the model that it was made from");
        }
    }

    private void checkKept(Quantizer quantizer) {
        try {
            quantizer.check(Set.copyOf(keep));
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(command.commandLine(), "--keep: " + wrong.getMessage(), wrong);
        }
    }

    private CalibratedNetwork calibrate(Quantizer quantizer, DatasetSplits data, LoaderOptions loading)
            throws IOException {
        int count = Math.min(samples, data.train().size());
        try (var bar = new ProgressLine(console, "calibrate", count)) {
            return quantizer.calibrate(data.train(), count, loading, bar::advance);
        }
    }

    private void quantize(
            Model model, CalibratedNetwork calibrated, DatasetSplits data, int[] classes, LoaderOptions loading)
            throws CommandFailure, IOException {
        try (ImageClassifier floats = ImageClassifier.builder()
                .model(model)
                .threads(loading.threads())
                .build()) {
            var trials = new Trials(floats, data.validation(), classes, loading, console);
            ToleranceSearch.Found<Trials.Trial> found = search(calibrated, trials);
            found.network().save(output);
            var report = new QuantizationReport(
                    found.network(), found.layers(), trials.original(), found.measured(), output);
            if (common.json()) {
                console.print(report.json());
            } else {
                report.print(console);
            }
            report.printNotes(console);
        }
    }

    private List<Sensitivity> sensitivities(CalibratedNetwork calibrated) {
        Set<String> kept = Set.copyOf(keep);
        try (var bar = new ProgressLine(console, "search", calibrated.layers() - kept.size(), "layers")) {
            return calibrated.sensitivities(kept, bar::advance);
        }
    }

    private ToleranceSearch.Found<Trials.Trial> search(CalibratedNetwork calibrated, Trials trials)
            throws CommandFailure, IOException {
        if (tolerance == null) {
            return all(calibrated, trials);
        }
        String words = Range.plain(tolerance);
        var accepted = new Tolerance(BigDecimal.valueOf(tolerance));
        var search = new ToleranceSearch<>(calibrated, network -> trials.within(network, accepted));
        return search.find(Set.copyOf(keep), () -> sensitivities(calibrated))
                .orElseThrow(() -> CommandFailure.failed("--tolerance " + words + ": " + trials.least()
                        + ", whichever layers stay in float32; nothing was written. More --samples may help"));
    }

    private ToleranceSearch.Found<Trials.Trial> all(CalibratedNetwork calibrated, Trials trials)
            throws CommandFailure, IOException {
        try {
            QuantizedNetwork network = calibrated.quantize(Set.copyOf(keep));
            return new ToleranceSearch.Found<>(network, trials.run(network), List.of());
        } catch (UnquantizableException impossible) {
            throw CommandFailure.failed("its numbers are too large for 8 bits: " + impossible.getMessage()
                    + "; --keep LAYER leaves a layer in float32, --tolerance finds those that need it");
        }
    }
}
