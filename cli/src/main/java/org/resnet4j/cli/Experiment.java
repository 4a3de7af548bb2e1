package org.resnet4j.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.report.Page;
import org.resnet4j.dataset.DatasetOptions;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.Datasets;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.training.TrainingEvent;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Trains some networks in the same way, one after the other, each as {@code resnet4j train} does it, and compares them on
 * a page. All get the same number of epochs: as many as fit into the time.
 */
abstract class Experiment implements Callable<Integer> {
    private static final double MAX_MINUTES = 60 * 24 * 30;
    private static final double NANOS = 1e9;
    private static final double SECONDS = 60;

    /** What is left for loading, validation's beginning and the pages. */
    private static final double USABLE = 0.92;

    /** A validation image takes about that part of a training image's time. */
    private static final double VALIDATION_SHARE = 0.3;

    /** Options that are the experiment's own, or differ from network to network. */
    private static final List<String> NOT_OF_THE_RUNS =
            List.of("--minutes", "--epochs", "--output", "--resume", "--overwrite", "--json");

    private final Console console;
    private final String name;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            order = 100,
            description = "The time that this call may take. The number of epochs is chosen so that all networks get"
                    + " through in it, unless --epochs says it; when it is over before, --resume goes on"
                    + " (default: ${DEFAULT-VALUE}).")
    private double minutes = 20;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            order = 101,
            description = "The folder of the experiment: report.html, and a folder for each network"
                    + " (default: the name of the experiment).")
    private @Nullable Path folder;

    @Option(
            names = "--resume",
            order = 102,
            description = "Go on with the experiment in --output where it was interrupted. Its options are remembered.")
    private boolean resume;

    @Option(names = "--overwrite", order = 103, description = "Replace the experiment that is in --output.")
    private boolean overwrite;

    @ArgGroup(exclusive = false, validate = false, heading = "%nData%n", order = 1)
    private DataOptions data = new DataOptions();

    @ArgGroup(exclusive = false, validate = false, heading = "%nTraining, the same for all%n", order = 2)
    private RecipeOptions recipe = new RecipeOptions();

    @ArgGroup(exclusive = false, validate = false, heading = "%nVariation of the training images%n", order = 3)
    private AugmentationOptions variation = new AugmentationOptions();

    @Mixin
    private CommonOptions common;

    Experiment(Console console, String name) {
        this.console = console;
        this.name = name;
    }

    /** The networks, in the order of their training. */
    abstract List<Contender> contenders();

    /** Options of this experiment alone, which {@code train} does not know. */
    abstract List<String> ownOptions();

    /** What can be said so far. */
    abstract Page page(Contest contest) throws IOException;

    /** Refuses values that make no sense. */
    abstract void check();

    CommandSpec command() {
        return command;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        long start = System.nanoTime();
        CommandWords words = CommandWords.typed(command);
        var output = new OutputFolder(folder != null ? folder : Path.of(name));
        if (resume) {
            words.parseOnTopOf(output.readArguments());
        }
        Range.checkAbove(command, "--minutes", minutes, 0, MAX_MINUTES);
        data.check(command);
        recipe.check(command);
        variation.check(command);
        check();
        checkFolder(output);
        int threads = common.threads();
        List<Contender> contenders = contenders();
        ContestFile state;
        Setting setting;
        try (DatasetSplits splits = openData();
                var workers = new Workers(threads)) {
            setting = Setting.of(data, variation, splits);
            boolean goOn = resume && ContestFile.isIn(output);
            state = goOn
                    ? ContestFile.read(output)
                    : new ContestFile(epochs(contenders, setting, workers, start), Set.of());
            if (!goOn) {
                output.prepare();
                output.forgetRun();
                for (Contender contender : contenders) {
                    of(contender, output).forgetRun();
                    Files.deleteIfExists(of(contender, output).metrics());
                }
                output.saveArguments(words.remembered().words());
                state.write(output);
            }
        }
        CommandWords saved = new CommandWords(command, output.readArguments());
        var deadline = new Deadline(start + (long) (minutes * SECONDS * NANOS), output);
        for (Contender contender : contenders) {
            if (isDone(contender, output, state)) {
                continue;
            }
            console.note("— " + contender.name() + " —");
            deadline.diverged = false;
            var result = new ByteArrayOutputStream();
            int code = train(contender, saved, state.epochs(), output, deadline, result);
            if (deadline.diverged) {
                state = state.withDiverged(contender.name());
                state.write(output);
                console.note(contender.name() + " fails: that is a result, too");
            } else if (deadline.isOver() && code != 0) {
                break;
            } else if (code != 0) {
                if (common.json()) {
                    console.print(result.toString(StandardCharsets.UTF_8).strip());
                }
                return code;
            }
            write(contenders, state, setting, output, saved, threads);
        }
        return report(write(contenders, state, setting, output, saved, threads), contenders, output);
    }

    private void checkFolder(OutputFolder output) {
        if (resume && overwrite) {
            throw new ParameterException(command.commandLine(), "--resume and --overwrite contradict each other");
        }
        if (!resume && !overwrite && ContestFile.isIn(output)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--output: " + output.path() + " holds an experiment already; add --resume to go on with it,"
                            + " --overwrite to replace it, or name another folder");
        }
    }

    private DatasetSplits openData() throws IOException {
        var options = DatasetOptions.defaults(CacheFolder.find())
                .withSeed(recipe.seed())
                .withProgress(new DownloadLine(console));
        String source = data.source() == null ? Datasets.SYNTHETIC : data.source();
        String validation = data.validation();
        return validation == null ? Datasets.open(source, options) : Datasets.open(source, validation, options);
    }

    /**
     * What all networks are trained on.
     *
     * @param plan of any of them: the size of images and of batches
     */
    private record Setting(TrainingPlan plan, String source, int images, int validationImages, int classes) {
        static Setting of(DataOptions data, AugmentationOptions variation, DatasetSplits splits) {
            return new Setting(
                    TrainingPlan.of(data, new NetworkOptions(), variation, splits, null),
                    splits.source(),
                    splits.train().size(),
                    splits.validation().size(),
                    splits.classes().size());
        }

        /** A network of the experiment for these images. */
        ResNetSpec fit(ResNetSpec spec) {
            return spec.withClasses(classes)
                    .withImages(
                            plan.transform().inputSize(),
                            plan.transform().normalization().channels());
        }
    }

    /** As many as fit into the time, or as were asked for. */
    private int epochs(List<Contender> contenders, Setting setting, Workers workers, long start) {
        Integer asked = recipe.epochs();
        if (asked != null) {
            return asked;
        }
        double batch = setting.plan().batchSize();
        double batches = Math.ceil(setting.images() / batch) + VALIDATION_SHARE * setting.validationImages() / batch;
        double seconds = 0;
        try (var bar = new ProgressLine(console, "how fast is it here?", contenders.size())) {
            for (Contender contender : contenders) {
                seconds += batches
                        * StepTimer.seconds(
                                setting.fit(contender.spec()),
                                setting.plan().batchSize(),
                                recipe.sessionSettings(),
                                workers);
                bar.advance(1);
            }
        }
        double gone = (System.nanoTime() - start) / NANOS;
        int epochs = (int) ((minutes * SECONDS - gone) * USABLE / seconds);
        if (epochs < 1) {
            throw new ParameterException(
                    command.commandLine(),
                    String.format(
                            Locale.ROOT,
                            "--minutes %s is too short: one epoch of all %d networks takes about %s; allow more, or"
                                    + " compare fewer networks or smaller ones",
                            Range.plain(minutes),
                            contenders.size(),
                            TrainingReporter.time(seconds / USABLE + gone)));
        }
        console.note(String.format(
                Locale.ROOT,
                "%d networks on %s, %d epochs each: about %s",
                contenders.size(),
                setting.source(),
                epochs,
                TrainingReporter.time(epochs * seconds)));
        return epochs;
    }

    private static OutputFolder of(Contender contender, OutputFolder output) {
        return new OutputFolder(output.path().resolve(contender.name()));
    }

    private static boolean isDone(Contender contender, OutputFolder output, ContestFile state) throws IOException {
        OutputFolder run = of(contender, output);
        return state.diverged().contains(contender.name())
                || (Files.exists(run.report())
                        && MetricsRows.read(run.metrics()).count() >= state.epochs());
    }

    /** Runs {@code resnet4j train}; gives its exit code. */
    private int train(
            Contender contender,
            CommandWords saved,
            int epochs,
            OutputFolder output,
            Deadline deadline,
            ByteArrayOutputStream result) {
        OutputFolder run = of(contender, output);
        var own = new ArrayList<>(NOT_OF_THE_RUNS);
        own.addAll(ownOptions());
        var arguments = new ArrayList<String>();
        arguments.add("train");
        arguments.addAll(saved.without(own).words());
        arguments.addAll(contender.arguments());
        arguments.addAll(List.of("--epochs", Integer.toString(epochs)));
        arguments.addAll(List.of("--output", run.path().toString(), "--json"));
        if (Files.exists(run.checkpoint())) {
            arguments.add("--resume");
        } else if (run.isTaken()) {
            arguments.add("--overwrite"); // of an experiment that was replaced
        }
        if (common.stacktrace()) {
            arguments.add("--stacktrace");
        }
        var out = new PrintStream(result, true, StandardCharsets.UTF_8);
        var quiet = new Console(out, console.err(), console.terminal());
        CommandLine line = Main.commandLine(quiet, List.of(new TrainCommand(quiet, deadline)));
        try {
            return line.execute(arguments.toArray(String[]::new));
        } finally {
            boolean wasInterrupted = Thread.interrupted(); // by the deadline: what follows writes files
            assert !wasInterrupted || deadline.isOver() : "only the deadline interrupts";
        }
    }

    /** Ends a run when the time of the experiment is over, and hears whether it diverges. */
    private final class Deadline implements Supervisor {
        private final long end;
        private final OutputFolder output;
        private boolean diverged;

        Deadline(long end, OutputFolder output) {
            this.end = end;
            this.output = output;
        }

        boolean isOver() {
            return System.nanoTime() - end > 0;
        }

        @Override
        public void on(TrainingEvent event) {
            if (event instanceof TrainingEvent.Diverged) {
                diverged = true;
            } else if (event instanceof TrainingEvent.StepCompleted && isOver()) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public String resumption(OutputFolder run) {
            return "resnet4j experiment " + name + " --output " + output.path() + " --resume";
        }
    }

    private Contest write(
            List<Contender> contenders,
            ContestFile state,
            Setting setting,
            OutputFolder output,
            CommandWords saved,
            int threads)
            throws IOException {
        var results = new ArrayList<Contest.Result>();
        for (Contender contender : contenders) {
            Path metrics = of(contender, output).metrics();
            boolean diverged = state.diverged().contains(contender.name());
            if (Files.exists(metrics)) {
                MetricsRows rows = MetricsRows.read(metrics);
                if (diverged || rows.count() > 0) {
                    long parameters =
                            ResNet.undrawn(setting.fit(contender.spec())).parameterCount();
                    results.add(new Contest.Result(contender, parameters, rows, diverged));
                }
            }
        }
        var settings = new LinkedHashMap<String, String>();
        settings.put("command", "resnet4j experiment " + name + " " + String.join(" ", saved.words()));
        settings.put(
                "data",
                setting.source() + ": " + setting.images() + " images to train on, " + setting.validationImages()
                        + " to validate with");
        settings.put("augmentation", setting.plan().augmentation().toString());
        settings.put("batch size", Integer.toString(setting.plan().batchSize()));
        settings.put("epochs", Integer.toString(state.epochs()));
        settings.put(
                "learning rate",
                recipe.learningRate(state.epochs(), setting.plan().batchSize(), false)
                        .toString());
        settings.put("optimizer", recipe.sessionSettings().optimizer().toString());
        settings.put("seed", Long.toString(recipe.seed()));
        settings.put("kernels", Kernels.best().name());
        settings.put("threads", Integer.toString(threads));
        settings.put("program", new VersionProvider().getVersion()[0]);
        settings.put("system", new VersionProvider().getVersion()[1]);
        var contest = new Contest(state.epochs(), setting.validationImages(), results, settings);
        TextFile.write(output.report(), page(contest).html());
        return contest;
    }

    private int report(Contest contest, List<Contender> contenders, OutputFolder output) {
        boolean finished = contest.results().size() == contenders.size()
                && contest.results().stream().allMatch(result -> result.isComplete(contest.epochs()));
        if (common.json()) {
            console.print(Json.write(json(contest, finished, output)));
        } else {
            for (Contest.Result result : contest.results()) {
                console.print(line(result));
            }
            console.print("to look at: " + output.report());
        }
        if (!finished) {
            console.note("the " + Range.plain(minutes) + " minutes are over; to go on: resnet4j experiment " + name
                    + " --output " + output.path() + " --resume");
        }
        return ExitCode.DONE.code();
    }

    private static String line(Contest.Result result) {
        if (result.diverged()) {
            return String.format(
                    Locale.ROOT,
                    "%-36s diverged in epoch %d",
                    result.contender().name(),
                    result.epochs().count() + 1);
        }
        return String.format(
                Locale.ROOT,
                "%-36s epoch %3d: error %.2f %% in validation, %.2f %% in training",
                result.contender().name(),
                result.epochs().count(),
                result.validationError(),
                result.trainingError());
    }

    private Map<String, Object> json(Contest contest, boolean finished, OutputFolder output) {
        var networks = new ArrayList<Map<String, Object>>();
        for (Contest.Result result : contest.results()) {
            var network = new LinkedHashMap<String, Object>();
            network.put("name", result.contender().name());
            network.put("epochs", result.epochs().count());
            network.put("diverged", result.diverged());
            if (result.epochs().count() > 0) {
                network.put("validationError", result.validationError());
                network.put("trainingError", result.trainingError());
            }
            networks.add(network);
        }
        var json = new LinkedHashMap<String, Object>();
        json.put("experiment", name);
        json.put("finished", finished);
        json.put("epochs", contest.epochs());
        json.put("networks", networks);
        json.put("output", output.report().toString());
        return json;
    }
}
