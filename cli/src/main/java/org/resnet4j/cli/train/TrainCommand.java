package org.resnet4j.cli.train;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.model.StartingPoint;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.CommandWords;
import org.resnet4j.cli.shell.CommonOptions;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.ExitCode;
import org.resnet4j.cli.shell.Json;
import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.cli.shell.OutputLock;
import org.resnet4j.compute.KernelLookup;
import org.resnet4j.dataset.DatasetFingerprint;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.loader.LoaderOptions;
import org.resnet4j.dataset.loader.SkippedSamples;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.training.CheckpointMismatchException;
import org.resnet4j.training.CheckpointPolicy;
import org.resnet4j.training.DivergedException;
import org.resnet4j.training.LayerTrainingSession;
import org.resnet4j.training.MetricsFile;
import org.resnet4j.training.ModelSaver;
import org.resnet4j.training.Trainer;
import org.resnet4j.training.TrainerSettings;
import org.resnet4j.training.TrainingListener;
import org.resnet4j.training.TrainingResult;
import org.resnet4j.training.ValidationMetrics;
import org.resnet4j.transfer.FrozenBackbone;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains a network and saves it. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Trains a residual network and saves it as a model folder.",
            "Without options: a small network on synthetic images, in about a minute.",
            "The same options give the same network, bit for bit, whatever the number of threads."
        },
        footer = {
            "",
            "Examples:",
            "  resnet4j train",
            "  resnet4j train --data photos/ --output pets      a folder of pictures for each class",
            "  resnet4j train --data fashion-mnist --epochs 8",
            "  resnet4j train --data photos.zip --weights resnet18/ --freeze backbone --epochs 5",
            "  resnet4j train --output pets --resume            go on after an interruption",
            "  resnet4j train --model plain20 --output plain    the same without shortcuts, to compare"
        })
public final class TrainCommand implements Callable<Integer> {
    private static final int SYNTHETIC_EPOCHS = 3;
    private static final int EPOCHS = 30;

    private final Console console;
    private final Supervisor supervisor;

    @Spec
    private CommandSpec command;

    @ArgGroup(exclusive = false, validate = false, heading = "%nData%n", order = 1)
    private DataOptions data = new DataOptions();

    @ArgGroup(exclusive = false, validate = false, heading = "%nNetwork%n", order = 2)
    private NetworkOptions networks = new NetworkOptions();

    @ArgGroup(exclusive = false, validate = false, heading = "%nTraining%n", order = 3)
    private RecipeOptions recipe = new RecipeOptions();

    @ArgGroup(exclusive = false, validate = false, heading = "%nVariation of the training images%n", order = 4)
    private AugmentationOptions variation = new AugmentationOptions();

    @ArgGroup(exclusive = false, validate = false, heading = "%nOutput%n", order = 5)
    private OutputOptions outputs = new OutputOptions();

    @Mixin
    private CommonOptions common;

    public TrainCommand(Console console) {
        this(console, Supervisor.NONE);
    }

    /** @param supervisor of what the run is a part */
    public TrainCommand(Console console, Supervisor supervisor) {
        this.console = console;
        this.supervisor = supervisor;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        CommandWords words = CommandWords.typed(command);
        List<String> begun = outputs.resume() ? outputs.existing(command).readArguments() : List.of();
        if (outputs.resume()) {
            outputs.checkResumes(words, begun, command);
            words.parseOnTopOf(begun);
        }
        data.check(command);
        networks.check(command);
        recipe.check(command);
        variation.check(command);
        outputs.check(command);
        int threads = common.threads();
        StartingPoint start = networks.startingPoint(console);
        try (DatasetSplits splits = data.open(recipe.seed(), console)) {
            TrainingPlan plan = TrainingPlan.of(data, networks, variation, splits, start);
            boolean plain = plan.spec().shortcuts() == ShortcutOption.NONE;
            recipe.check(command, networks.freezesBackbone(), plain);
            ResNet network = network(plan, start);
            if (!networks.freezesBackbone()) {
                plan.checkBatches(command, network, splits.train().size());
            }
            OutputFolder output = outputs.choose(command);
            // What may fail at once comes first: then there is no folder yet, and an old run is as it was.
            Path events = outputs.tensorBoard();
            if (events != null) {
                TensorBoardFile.check(events);
            }
            try (LiveReport live = live(output);
                    OutputLock _ = output.prepare(console)) {
                outputs.checkFree(output, command);
                boolean goOn = outputs.resume() && Files.exists(output.checkpoint());
                if (!goOn) {
                    if (outputs.resume()) {
                        console.note(
                                "there is no checkpoint in " + output.path() + " yet: starting from the beginning");
                    }
                    if (begun.isEmpty()) {
                        output.forgetRun();
                        output.saveArguments(words.remembered().words());
                    }
                }
                train(plan, network, splits, output, live, goOn, threads, start);
            }
        }
        return ExitCode.DONE.code();
    }

    private ResNet network(TrainingPlan plan, @Nullable StartingPoint start) throws CommandFailure, IOException {
        int size = plan.transform().inputSize();
        ResNet network;
        try {
            network = ResNet.create(plan.spec(), recipe.seed());
            network.describe(Shape.of(1, size, size, plan.spec().inChannels()), _ -> {});
        } catch (ShapeMismatchException mismatch) {
            throw new ParameterException(
                    command.commandLine(),
                    plan.spec().name() + " cannot take images of " + size + " pixels: " + mismatch.getMessage(),
                    mismatch);
        }
        if (start != null && !start.applyTo(network)) {
            console.note("the classifier starts anew, for " + plan.spec().classes() + " classes");
        }
        return network;
    }

    private void train(
            TrainingPlan plan,
            ResNet network,
            DatasetSplits splits,
            OutputFolder output,
            @Nullable LiveReport live,
            boolean goOn,
            int threads,
            @Nullable StartingPoint start)
            throws CommandFailure, IOException {
        int epochs = epochs();
        var kernels = KernelLookup.best();
        announce(plan, network, splits, epochs, threads, kernels);
        var loading = LoaderOptions.of(plan.batchSize())
                .withThreads(threads)
                .withSeed(recipe.seed())
                .withStrict(data.strict());
        var model = new Model(network, splits.classes(), plan.transform());
        boolean fineTuning = start != null && !networks.freezesBackbone();
        var rate = recipe.learningRate(epochs, plan.batchSize(), fineTuning);
        try (var workers = new Workers(threads);
                var interruption = new Interruption()) {
            FrozenBackbone backbone = networks.freezesBackbone()
                    ? new FrozenBackbone(model, kernels, workers, networks.featureMemory())
                    : null;
            Map<String, String> run = description(plan, splits, start, backbone);
            var settings = new TrainerSettings(epochs, rate)
                    .withAccumulation(recipe.accumulate())
                    .withPatience(recipe.patience())
                    .withCheckpoint(new CheckpointPolicy(
                            output.checkpoint(), 0, Duration.ofSeconds(outputs.checkpointSeconds())))
                    .withRun(run);
            var session = new LayerTrainingSession(
                    backbone == null ? network : backbone.head(), recipe.sessionSettings(), kernels, workers);
            ModelSaver saver =
                    (kind, _) -> ModelFolder.save(kind == ModelSaver.Kind.BEST ? output.path() : output.last(), model);
            var asked = new LinkedHashMap<>(run);
            asked.putAll(session.settings());
            if (live != null) {
                live.show(asked);
                console.note("to watch: " + live.address());
            }
            try (TrainedPart part = part(network, backbone, splits, plan, loading);
                    var reporter = new TrainingReporter(
                            console, splits.train().size(), splits.validation().size(), part.awaited())) {
                var trainer = new Trainer(
                        session,
                        part.training(),
                        part.validation(),
                        settings,
                        listeners(output, live, reporter, interruption),
                        saver);
                TrainingResult result = run(trainer, goOn, output);
                draw(model, result, output, splits, asked, kernels, workers);
                report(model, result, output);
                part.skipped().forEach(this::tellSkipped);
            }
            if (!common.json()) {
                advise(output);
            }
        }
    }

    /** The page that shows the run, if one was asked for. */
    private @Nullable LiveReport live(OutputFolder output) throws CommandFailure, IOException {
        Integer port = outputs.live();
        return port == null ? null : new LiveReport(port, output);
    }

    private List<TrainingListener> listeners(
            OutputFolder output, @Nullable LiveReport live, TrainingReporter reporter, Interruption interruption) {
        var listeners = new ArrayList<TrainingListener>();
        listeners.add(new MetricsFile(output.metrics()));
        if (live != null) {
            listeners.add(live);
        }
        Path events = outputs.tensorBoard();
        if (events != null) {
            listeners.add(new TensorBoardFile(events, Clock.systemUTC()));
        }
        listeners.add(reporter);
        listeners.add(supervisor);
        listeners.add(interruption);
        return listeners;
    }

    private TrainedPart part(
            ResNet network,
            @Nullable FrozenBackbone backbone,
            DatasetSplits splits,
            TrainingPlan plan,
            LoaderOptions loading) {
        if (backbone == null) {
            int least = plan.leastImages(network);
            if (splits.train().size() % plan.batchSize() < least
                    && splits.train().size() % plan.batchSize() > 0) {
                console.note("the last batch of each epoch is a single image, of which the network cannot learn: it is"
                        + " left out");
            }
            return WholeNetwork.of(splits, plan, least, loading);
        }
        var part = ClassifierAlone.of(backbone, splits, plan, loading, networks.featureMemory());
        console.note(part.about());
        return part;
    }

    private TrainingResult run(Trainer trainer, boolean goOn, OutputFolder output) throws CommandFailure, IOException {
        try {
            return goOn ? trainer.resume() : trainer.run();
        } catch (CheckpointMismatchException mismatch) {
            throw CommandFailure.input(output.checkpoint(), String.valueOf(mismatch.getMessage()), mismatch);
        } catch (DivergedException diverged) {
            throw CommandFailure.failed(output.path(), String.valueOf(diverged.getMessage()), diverged);
        } catch (InterruptedIOException interrupted) {
            // Said here, as the process may end before anything above gets to it.
            console.note("interrupted; to go on: " + supervisor.resumption(output));
            throw CommandFailure.failed(output.path(), "interrupted", interrupted);
        }
    }

    private int epochs() {
        Integer asked = recipe.epochs();
        if (asked != null) {
            return asked;
        }
        return data.source().equals(Datasets.SYNTHETIC) ? SYNTHETIC_EPOCHS : EPOCHS;
    }

    /** What must be the same when the run goes on. */
    private Map<String, String> description(
            TrainingPlan plan, DatasetSplits splits, @Nullable StartingPoint start, @Nullable FrozenBackbone backbone) {
        var run = new LinkedHashMap<String, String>();
        run.put(
                "data",
                splits.source() + ", " + splits.train().size() + " and "
                        + splits.validation().size() + " images of "
                        + splits.classes().size() + " classes");
        run.putAll(DatasetFingerprint.of(splits));
        run.put("network", plan.spec().toString());
        run.put("weights", start == null ? "none" : start.name());
        // The checkpoint has the classifier alone; what is below it must still be the same.
        run.put("frozen", backbone == null ? "nothing" : "backbone " + backbone.checksum());
        run.put("images", plan.transform().toString());
        run.put("augmentation", plan.augmentation().toString());
        run.put("batch size", Integer.toString(plan.batchSize()));
        run.put("seed", Long.toString(recipe.seed()));
        return run;
    }

    private void announce(
            TrainingPlan plan, ResNet network, DatasetSplits splits, int epochs, int threads, Kernels kernels) {
        int size = plan.transform().inputSize();
        console.note(String.format(
                Locale.ROOT,
                "%s (%,d parameters) on %s: %,d images of %d classes to train on, %,d to validate with%s",
                plan.spec().name(),
                network.parameterCount(),
                splits.source(),
                splits.train().size(),
                splits.classes().size(),
                splits.validation().size(),
                splits.validationHeldOut() ? " (held out)" : ""));
        console.note(String.format(
                Locale.ROOT,
                "%dx%d pixels, batches of %d, epochs: %d, seed: %d, threads: %d, kernels: %s",
                size,
                size,
                plan.batchSize(),
                epochs,
                recipe.seed(),
                threads,
                kernels.name()));
    }

    private void tellSkipped(SkippedSamples skipped) {
        if (skipped.count() > 0) {
            console.note(skipped.count() + " pictures could not be read and were skipped:");
            skipped.examples().forEach(example -> console.note("  " + example));
        }
    }

    private void report(Model model, TrainingResult result, OutputFolder output) {
        var best = result.best();
        ValidationMetrics validation = best == null ? null : best.validation();
        var last = result.last();
        if (common.json()) {
            var json = new LinkedHashMap<String, @Nullable Object>();
            json.put("model", model.network().spec().name());
            json.put("epochs", result.completedEpochs());
            json.put("seconds", result.seconds());
            json.put("imagesPerSecond", last == null ? null : last.imagesPerSecond());
            json.put("parameters", model.network().parameterCount());
            json.put("validation", validation == null ? null : toJson(validation));
            json.put("output", output.path().toString());
            console.print(Json.write(json));
            return;
        }
        if (best != null && validation != null) {
            console.print(String.format(
                    Locale.ROOT,
                    "validation top-1 %.2f %%, top-5 %.2f %%, loss %.4f (epoch %d of %d, %s in all)",
                    100 * validation.top1(),
                    100 * validation.top5(),
                    validation.loss(),
                    best.epoch(),
                    result.completedEpochs(),
                    TrainingReporter.time(result.seconds())));
        }
        console.print("saved in " + output.path());
    }

    /** The page with the curves, of the model that was saved. */
    private static void draw(
            Model model,
            TrainingResult result,
            OutputFolder output,
            DatasetSplits splits,
            Map<String, String> settings,
            Kernels kernels,
            Workers workers)
            throws IOException {
        Model saved = ModelFolder.isModel(output.path()) ? ModelFolder.load(output.path()) : model;
        new RunReport(output, saved, settings).write(result.best(), splits.validation(), kernels, workers);
    }

    private static Map<String, Object> toJson(ValidationMetrics validation) {
        var json = new LinkedHashMap<String, Object>();
        json.put("top1", validation.top1());
        json.put("top5", validation.top5());
        json.put("loss", validation.loss());
        json.put("samples", validation.samples());
        return json;
    }

    private void advise(OutputFolder output) {
        console.note("Next:");
        console.note(
                "  open " + String.format(Locale.ROOT, "%-44s", output.report()) + " curves and sample predictions");
        if (data.source().equals(Datasets.SYNTHETIC)) {
            console.note(advice("info " + output.path(), "what the network looks like"));
            console.note(advice("train --model plain20", "the same without shortcuts: compare"));
            console.note(advice("train --data fashion-mnist --epochs 8", "real images: 10 kinds of clothes"));
            console.note(advice("train --data FOLDER", "your own: a folder of pictures for each class"));
        } else {
            console.note(advice("predict " + output.path() + " IMAGE...", "what is on a picture"));
            console.note(advice("evaluate " + output.path() + " --data SOURCE", "how good it is on other images"));
        }
    }

    private static String advice(String arguments, String what) {
        return String.format(Locale.ROOT, "  resnet4j %-40s %s", arguments, what);
    }
}
