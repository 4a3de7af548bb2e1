package org.resnet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.resnet4j.compute.KernelLookup;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.DatasetProfile;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.dataset.loader.BatchStream;
import org.resnet4j.dataset.loader.DataLoader;
import org.resnet4j.dataset.loader.LoaderOptions;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.image.Normalization;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.resnet.Stem;
import org.resnet4j.resnet.Transition;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows how gradients flow through a network, and through the same network without shortcuts. */
@Command(
        name = "gradients",
        mixinStandardHelpOptions = true,
        description = {
            "Shows how large the signal is on its way through a network, and the gradient on its way back: layer by"
                    + " layer, beside the same network without its shortcuts, and both without normalisation, at the"
                    + " beginning and after some steps of training.",
            "Writes a page for a browser, and the numbers beside it as a .csv file."
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

    /** Up to this side images are small. */
    private static final int SMALL_IMAGE = 64;

    private static final String HTML = ".html";

    private final Console console;

    @Spec
    private CommandSpec command;

    @Parameters(
            index = "0",
            paramLabel = "NAME|MODEL",
            completionCandidates = NetworkNames.class,
            description = "A network of the catalogue, with its first weights; or a model folder, as it is.")
    private String model;

    @Option(
            names = "--data",
            paramLabel = "SOURCE",
            description = "Images and their classes, as for train (default: ${DEFAULT-VALUE}).")
    private String source = Datasets.SYNTHETIC;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Measure again after N steps of training (default: 100; for a model folder 0, not at all).")
    private @Nullable Integer steps;

    @Option(names = "--batch-size", paramLabel = "N", description = "Images in a step (default: ${DEFAULT-VALUE}).")
    private int batchSize = 64;

    @Option(names = "--learning-rate", paramLabel = "X", description = "Of the steps (default: 0.05).")
    private @Nullable Double learningRate;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The first weights and the order of images (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private OutputFile output;

    @Mixin
    private CommonOptions common;

    GradientsCommand(Console console) {
        this.console = console;
    }

    /**
     * A network, its twin without shortcuts, or with them where it has none, and where that makes sense both without
     * normalisation.
     *
     * @param size rows and columns of the images
     */
    private record Family(List<ResNet> networks, int size, Normalization normalization) {}

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
                throw new ParameterException(command.commandLine(), "--learning-rate needs --steps above 0");
            }
        }
        output.check(HTML);
        int threads = common.threads();
        var options =
                DatasetOptions.defaults(CacheFolder.find()).withSeed(seed).withProgress(new DownloadLine(console));
        try (DatasetSplits splits = Datasets.open(source, options);
                var workers = new Workers(threads)) {
            Family family = trained ? ofFolder(splits) : ofCatalogue(splits);
            Path page = page(family.networks().getFirst().spec().name());
            Path numbers = beside(page);
            var measured = new ArrayList<FlowMeasurements>();
            for (ResNet network : family.networks()) {
                measured.add(measure(network, family, splits, count, threads, workers));
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
                    KernelLookup.best().name());
            var written = new FlowPage(measured, trained, setting);
            TextFile.write(numbers, written.csv());
            TextFile.write(page, written.html());
            report(measured, page, numbers);
        }
        return ExitCode.DONE.code();
    }

    private double learningRate() {
        return learningRate == null ? LEARNING_RATE : learningRate;
    }

    private Family ofCatalogue(DatasetSplits splits) throws CommandFailure {
        ResNetSpec named = ResNets.find(model)
                .orElseThrow(() -> CommandFailure.input(
                        model, model + ": neither a model folder nor one of " + String.join(", ", ResNets.names())));
        DatasetProfile profile = splits.profile();
        Integer known = profile.imageSize();
        int size = known != null ? known : named.imageSize();
        ResNetSpec spec = named.withClasses(splits.classes().size())
                .withImages(size, profile.normalization().channels());
        ResNet network = ResNet.create(spec, seed);
        try {
            network.describe(Shape.of(1, size, size, spec.inChannels()), _ -> {});
        } catch (ShapeMismatchException tooSmall) {
            throw new ParameterException(
                    command.commandLine(),
                    model + " cannot take images of " + size + " pixels: " + tooSmall.getMessage(),
                    tooSmall);
        }
        var networks = new ArrayList<>(List.of(network, ResNet.create(twin(spec), seed)));
        if (canGoWithoutNorm(spec)) {
            networks.add(ResNet.create(withoutNorm(spec), seed));
            networks.add(ResNet.create(withoutNorm(twin(spec)), seed));
        }
        return new Family(networks, size, profile.normalization());
    }

    /** A trained network; its twin has the same weights. */
    private Family ofFolder(DatasetSplits splits) throws CommandFailure, IOException {
        ModelLocation location = ModelLocation.find(model, console);
        location.checkFolder();
        Model loaded = ModelFolder.load(location.path());
        if (!loaded.labels().equals(splits.classes())) {
            throw CommandFailure.input(
                    source,
                    source + " has the classes " + splits.classes() + ", and " + model + " knows " + loaded.labels());
        }
        ResNet network = loaded.network();
        ResNet twin = ResNet.create(twin(network.spec()), seed);
        ResNetState.load(twin, ResNetState.stateDict(network));
        return new Family(
                List.of(network, twin),
                loaded.transform().inputSize(),
                loaded.transform().normalization());
    }

    /** The first paper's networks; others have parts that stand or fall with normalisation. */
    private static boolean canGoWithoutNorm(ResNetSpec spec) {
        return spec.block().order() == ActivationOrder.POST
                && spec.stages().transition() == Transition.STRIDE
                && spec.stem().kind() != Stem.DEEP
                && spec.block().squeeze() == 0
                && spec.shortcuts() != ShortcutOption.D;
    }

    private static ResNetSpec withoutNorm(ResNetSpec spec) {
        return spec.toBuilder()
                .name(spec.name() + " without norm")
                .order(ActivationOrder.WITHOUT_NORM)
                .build();
    }

    private static ResNetSpec twin(ResNetSpec spec) {
        boolean plain = spec.shortcuts() == ShortcutOption.NONE;
        ShortcutOption shortcuts =
                !plain ? ShortcutOption.NONE : spec.imageSize() <= SMALL_IMAGE ? ShortcutOption.A : ShortcutOption.B;
        String name = plain ? spec.name().replace("plain", "resnet") : spec.name() + " without shortcuts";
        String known = spec.name().replace("resnet", "plain");
        if (!plain && ResNets.find(known).isPresent()) {
            name = known;
        }
        return spec.toBuilder().name(name).shortcuts(shortcuts).build();
    }

    private FlowMeasurements measure(
            ResNet network, Family family, DatasetSplits splits, int count, int threads, Workers workers)
            throws IOException {
        var loading =
                LoaderOptions.of(batchSize).withThreads(threads).withSeed(seed).withDropLast(true);
        console.note("measuring " + network.spec().name());
        try (DataLoader loader = DataLoader.training(
                        splits.train(), family.size(), family.normalization(), Augmentation.none(), loading);
                var batches = new EndlessBatches(loader);
                var bar = new ProgressLine(console, network.spec().name(), count + 1L)) {
            Batch first = batches.next();
            return FlowMeasurements.of(
                    network,
                    first,
                    () -> {
                        bar.advance(1);
                        return batches.next();
                    },
                    count,
                    learningRate(),
                    KernelLookup.best(),
                    workers);
        }
    }

    /** One epoch after the other. */
    private static final class EndlessBatches implements AutoCloseable {
        private final DataLoader loader;
        private int epoch;
        private BatchStream stream;

        EndlessBatches(DataLoader loader) {
            this.loader = loader;
            this.stream = loader.epoch(0);
        }

        Batch next() throws IOException {
            Batch batch = stream.next();
            if (batch == null) {
                stream.close();
                stream = loader.epoch(++epoch);
                batch = stream.next();
            }
            if (batch == null) {
                throw new IOException("there are not enough readable images for one batch");
            }
            return batch;
        }

        @Override
        public void close() {
            stream.close();
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
            for (FlowMeasurements.Moment moment : network.moments()) {
                console.print(String.format(
                        Locale.ROOT,
                        "%-24s step %5d: gradient behind the first block %10.3g, behind the last %10.3g: %.3g times",
                        network.name(),
                        moment.step(),
                        moment.flow().signals().get(1).gradient(),
                        moment.flow().signals().getLast().gradient(),
                        moment.flow().ratio()));
            }
            if (network.diverged()) {
                console.print(String.format(
                        Locale.ROOT,
                        "%-24s diverges in step %d",
                        network.name(),
                        network.losses().size()));
            }
        }
        console.print("to look at: " + page + "; the numbers: " + numbers);
    }
}
