package org.resnet4j.cli.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.model.DescribedNetwork;
import org.resnet4j.cli.model.NetworkNames;
import org.resnet4j.cli.model.WeightFileOptions;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.CommonOptions;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.ExitCode;
import org.resnet4j.cli.shell.Json;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Description;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.LayerSummary;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.inference.PlanOptions;
import org.resnet4j.model.ModelFile;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.quantization.ModelPlans;
import org.resnet4j.resnet.ResNet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The {@code info} command, which describes a network. */
@Command(
        name = "info",
        mixinStandardHelpOptions = true,
        description = {
            "List the layers of a network: output shape (rows, columns, channels), parameters, and multiply-adds for"
                    + " one image.",
            "With --plan, list the steps of the network as compiled for prediction on this machine."
        },
        footer = {
            "",
            "Examples:",
            "  resnet4j info resnet50",
            "  resnet4j info pets --json",
            "  resnet4j info resnet50 --plan --batch 16"
        })
public final class InfoCommand implements Callable<Integer> {
    private static final int MAX_BATCH = 4096;

    /** The number of columns of words, which begin at the left. */
    private static final int WORDS = 3;

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
    private CommonOptions common;

    @Option(
            names = "--plan",
            description = "List the steps of the compiled network instead of the layers: operation, algorithm,"
                    + " output shape, multiply-adds, and memory of weights and buffers.")
    private boolean plan;

    @Option(names = "--batch", paramLabel = "N", description = "Number of images per call, with --plan (default: 1).")
    private @Nullable Integer batch;

    public InfoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        if (batch != null) {
            if (!plan) {
                throw new ParameterException(command.commandLine(), "--batch requires --plan");
            }
            Range.check(command, "--batch", batch, 1, MAX_BATCH);
        }
        int threads = common.threads();
        DescribedNetwork described = DescribedNetwork.find(model, weights, console);
        ResNet network = described.network();
        int size = described.imageSize();
        List<LayerSummary> layers = Description.of(Graph.of(network, size));
        report(network, size, layers, plan ? compile(described, threads) : null);
        return ExitCode.DONE.code();
    }

    /**
     * Compiles the network. Weights in float32 are zeros, since the choice of algorithms does not depend on them.
     */
    private PlanReport compile(DescribedNetwork described, int threads) throws IOException {
        int images = batch == null ? 1 : batch;
        try (var compute = Compute.best(threads)) {
            var options = new PlanOptions(compute, images, described.imageSize(), described.imageSize());
            Path quantized = described.quantized();
            if (quantized == null) {
                InferencePlan compiled = InferencePlan.compile(described.network(), options);
                return new PlanReport(compiled, images, compute.name());
            }
            try (ModelFile file = ModelFolder.open(quantized, described.options())) {
                return new PlanReport(ModelPlans.compile(file, options), images, ModelPlans.int8Kernels());
            }
        }
    }

    private void report(ResNet network, int size, List<LayerSummary> layers, @Nullable PlanReport compiled) {
        long multiplyAdds =
                layers.stream().mapToLong(LayerSummary::multiplyAdds).sum();
        if (common.json()) {
            var result = new LinkedHashMap<String, Object>();
            result.put("name", network.spec().name());
            result.put("parameters", network.parameterCount());
            result.put("multiplyAdds", multiplyAdds);
            result.put("inputSize", size);
            result.put("layers", layers.stream().map(InfoCommand::toJson).toList());
            if (compiled != null) {
                result.put("plan", compiled.toJson());
            }
            console.print(Json.write(result));
            return;
        }
        if (compiled != null) {
            compiled.lines().forEach(console::print);
            return;
        }
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("layer", "kind", "output", "parameters", "multiply-adds"));
        for (LayerSummary layer : layers) {
            rows.add(List.of(
                    layer.name(),
                    layer.kind(),
                    shape(layer).toString(),
                    String.format(Locale.ROOT, "%,d", layer.parameters()),
                    String.format(Locale.ROOT, "%,d", layer.multiplyAdds())));
        }
        columns(rows).forEach(console::print);
        console.tell(String.format(
                Locale.ROOT,
                "%s: %,d parameters, %.3f billion multiply-adds for an image of %dx%d, %d classes",
                network.spec().name(),
                network.parameterCount(),
                multiplyAdds / 1e9,
                size,
                size,
                network.classes()));
    }

    /** Returns rows as lines: three columns of words, then columns of numbers, each as wide as necessary. */
    private static List<String> columns(List<List<String>> rows) {
        int[] widths = IntStream.range(0, rows.getFirst().size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return rows.stream()
                .map(row -> IntStream.range(0, widths.length)
                        .mapToObj(column -> {
                            String padding =
                                    " ".repeat(widths[column] - row.get(column).length());
                            return column < WORDS ? row.get(column) + padding : padding + row.get(column);
                        })
                        .collect(Collectors.joining("  ")))
                .toList();
    }

    private static Map<String, Object> toJson(LayerSummary layer) {
        var entry = new LinkedHashMap<String, Object>();
        entry.put("name", layer.name());
        entry.put("kind", layer.kind());
        entry.put("outputShape", shape(layer));
        entry.put("parameters", layer.parameters());
        entry.put("multiplyAdds", layer.multiplyAdds());
        return entry;
    }

    /** Returns the output shape without the batch. */
    private static List<Integer> shape(LayerSummary layer) {
        return Arrays.stream(layer.outputShape().toArray()).skip(1).boxed().toList();
    }
}
