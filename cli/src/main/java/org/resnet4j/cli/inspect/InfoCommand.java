package org.resnet4j.cli.inspect;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
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
        report(network, size, layers, plan ? compile(network, size, threads) : null);
        return ExitCode.DONE.code();
    }

    /** Compiles the network. Its weights are zeros, since the choice of algorithms does not depend on them. */
    private PlanReport compile(ResNet network, int size, int threads) {
        int images = batch == null ? 1 : batch;
        try (var compute = Compute.best(threads)) {
            var options = new PlanOptions(compute, images, size, size);
            return new PlanReport(InferencePlan.compile(network, options), images, compute.name());
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
        String row = "%-28s %-28s %-18s %14s %18s";
        console.print(String.format(Locale.ROOT, row, "layer", "kind", "output", "parameters", "multiply-adds"));
        for (LayerSummary layer : layers) {
            console.print(String.format(
                    Locale.ROOT,
                    row,
                    layer.name(),
                    layer.kind(),
                    shape(layer),
                    String.format(Locale.ROOT, "%,d", layer.parameters()),
                    String.format(Locale.ROOT, "%,d", layer.multiplyAdds())));
        }
        console.print(String.format(
                Locale.ROOT,
                "%s: %,d parameters, %.3f billion multiply-adds for an image of %dx%d, %d classes",
                network.spec().name(),
                network.parameterCount(),
                multiplyAdds / 1e9,
                size,
                size,
                network.classes()));
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
