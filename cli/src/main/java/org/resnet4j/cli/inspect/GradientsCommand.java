package org.resnet4j.cli.inspect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.model.ModelName;
import org.resnet4j.cli.model.NetworkNames;
import org.resnet4j.cli.shell.CacheFolder;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.CommonOptions;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.DownloadLine;
import org.resnet4j.cli.shell.ExitCode;
import org.resnet4j.cli.shell.Json;
import org.resnet4j.cli.shell.OutputFile;
import org.resnet4j.cli.shell.ProgressLine;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.file.AtomicFile;
import org.resnet4j.insight.FlowMeasurements;
import org.resnet4j.resnet.ResNet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The {@code inspect gradients} command, which measures signals and gradients in a network and in its counterparts
 * without shortcuts and normalization.
 */
@Command(
        name = "gradients",
        mixinStandardHelpOptions = true,
        description = {
            "Measure the magnitude of signals and gradients layer by layer: in a network, in the same network without"
                    + " shortcuts, and in both without normalization, at initialization and after some training steps.",
            "The result is an HTML page and a .csv file with the numbers beside it."
        },
        footer = {
            "",
            "Examples:",
            "  resnet4j inspect gradients resnet56",
            "  resnet4j inspect gradients resnet110 --data cifar10 --steps 400 -o deep.html",
            "  resnet4j inspect gradients pets --data photos/"
        })
final class GradientsCommand implements Callable<Integer> {
    private static final int STEPS = 100;
    private static final double LEARNING_RATE = 0.05;
    private static final int MAX_STEPS = 1_000_000;

    private static final String HTML = ".html";

    private final Console console;

    @Spec
    private CommandSpec command;

    @Parameters(
            index = "0",
            paramLabel = "NAME|MODEL",
            completionCandidates = NetworkNames.class,
            description = "A network of the catalog, with initial weights, or a model folder.")
    private String model;

    @Option(
            names = "--data",
            paramLabel = "SOURCE",
            description = "Labeled images, as for train (default: ${DEFAULT-VALUE}).")
    private String source = Datasets.SYNTHETIC;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Measure again after N training steps; 0 means never (default: 100; 0 for a model folder).")
    private @Nullable Integer steps;

    @Option(names = "--batch-size", paramLabel = "N", description = "Images per batch (default: ${DEFAULT-VALUE}).")
    private int batchSize = 64;

    @Option(names = "--learning-rate", paramLabel = "X", description = "Learning rate (default: 0.05).")
    private @Nullable Double learningRate;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed for the initial weights and the order of images (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private OutputFile output;

    @Mixin
    private CommonOptions common;

    GradientsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        Range.check(command, "--batch-size", batchSize, 2, 65_536);
        if (steps != null) {
            Range.check(command, "--steps", steps, 0, MAX_STEPS);
        }
        boolean trained = Files.isDirectory(Path.of(model));
        int count = steps != null ? steps : trained ? 0 : STEPS;
        if (learningRate != null) {
            Range.check(command, "--learning-rate", learningRate, 0, 1000);
            if (count == 0) {
                throw new ParameterException(command.commandLine(), "--learning-rate requires --steps above 0");
            }
        }
        output.check(HTML);
        int threads = common.threads();
        var options =
                DatasetOptions.defaults(CacheFolder.find()).withSeed(seed).withProgress(new DownloadLine(console));
        try (DatasetSplits splits = Datasets.open(source, options);
                var compute = Compute.best(threads)) {
            FlowFamily family = trained
                    ? FlowFamily.ofFolder(model, source, splits, seed, console)
                    : FlowFamily.ofCatalogue(command, model, splits, seed);
            ModelName name =
                    ModelName.of(model, family.networks().getFirst().spec().name());
            Path page = page(name.file());
            Path numbers = beside(page);
            var measured = new ArrayList<FlowMeasurements>();
            for (ResNet network : family.networks()) {
                measured.add(measure(network, family, splits, count, compute));
            }
            if (trained && !Double.isFinite(measured.getFirst().losses().getFirst())) {
                throw CommandFailure.failed("the scores of " + model + " for images of " + splits.source()
                        + " are not finite: its weights are damaged, or too large for float32");
            }
            String setting = String.format(
                    Locale.ROOT,
                    "%s, %dx%d pixels, batches of %d, seed %d, SGD with momentum 0.9 and a learning rate of %s;"
                            + " kernels: %s",
                    splits.source(),
                    family.size(),
                    family.size(),
                    batchSize,
                    seed,
                    learningRate(),
                    compute.name());
            var written = new FlowPage(name.title(), measured, trained, setting);
            AtomicFile.write(numbers, new FlowNumbers(measured).csv());
            AtomicFile.write(page, written.html());
            report(measured, page, numbers);
        }
        return ExitCode.DONE.code();
    }

    private double learningRate() {
        return learningRate == null ? LEARNING_RATE : learningRate;
    }

    private FlowMeasurements measure(
            ResNet network, FlowFamily family, DatasetSplits splits, int count, Compute compute) throws IOException {
        var loading = LoaderOptions.of(batchSize)
                .withThreads(compute.threads())
                .withSeed(seed)
                .withDropLast(true);
        console.note("measuring " + network.spec().name());
        var training = new FlowMeasurements.Training(
                splits.train(), family.size(), family.normalization(), loading, count, learningRate());
        try (var bar = new ProgressLine(console, network.spec().name(), count + 1L, "steps")) {
            return FlowMeasurements.of(network, training, compute, () -> bar.advance(1));
        }
    }

    private Path page(String name) throws CommandFailure {
        Path page = output.orElse("gradients-" + name + HTML);
        output.checkFree(page);
        output.checkFree(beside(page));
        return page;
    }

    private static Path beside(Path page) {
        String name = String.valueOf(page.getFileName());
        return page.resolveSibling(name.substring(0, name.length() - HTML.length()) + ".csv");
    }

    private void report(List<FlowMeasurements> measured, Path page, Path numbers) {
        if (common.json()) {
            var ratios = new LinkedHashMap<String, Object>();
            for (FlowMeasurements network : measured) {
                ratios.put(
                        network.name(),
                        network.moments().stream()
                                .map(moment -> moment.flow().ratio())
                                .toList());
            }
            var result = new LinkedHashMap<String, Object>();
            result.put("gradientFirstToLast", ratios);
            result.put("output", page.toString());
            result.put("numbers", numbers.toString());
            console.print(Json.write(result));
            return;
        }
        for (FlowMeasurements network : measured) {
            console.print(network.name());
            for (FlowMeasurements.Moment moment : network.moments()) {
                console.print(String.format(
                        Locale.ROOT,
                        "  step %3d: gradient at first block %8.3g, at last %8.3g, ratio %.3g",
                        moment.step(),
                        moment.flow().signals().get(1).gradient(),
                        moment.flow().signals().getLast().gradient(),
                        moment.flow().ratio()));
            }
            if (network.diverged()) {
                console.print("  diverges in step " + network.losses().size());
            }
        }
        console.tell("report: " + page + ", numbers: " + numbers, page, numbers);
    }
}
