package org.resnet4j.cli.experiment;

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
import org.resnet4j.RunLock;
import org.resnet4j.cli.report.EnvironmentTable;
import org.resnet4j.cli.report.Page;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.CommandWords;
import org.resnet4j.cli.shell.CommonOptions;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.ContestFile;
import org.resnet4j.cli.shell.ExitCode;
import org.resnet4j.cli.shell.Json;
import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.cli.shell.ProgressLine;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.cli.shell.Shell;
import org.resnet4j.cli.shell.TextFile;
import org.resnet4j.cli.train.AugmentationOptions;
import org.resnet4j.cli.train.DataOptions;
import org.resnet4j.cli.train.RecipeOptions;
import org.resnet4j.cli.train.TrainCommand;
import org.resnet4j.cli.train.TrainingReporter;
import org.resnet4j.compute.KernelLookup;
import org.resnet4j.dataset.DatasetFingerprint;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.training.MetricsRows;
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

    /** Options that are the experiment's own, or differ from network to network. */
    private static final List<String> NOT_OF_THE_RUNS =
            List.of("--minutes", "--epochs", "--output", "--resume", "--overwrite", "--json", "--threads");

    /** Options that do not decide what comes out. */
    private static final List<String> MAY_CHANGE =
            List.of("--minutes", "--output", "--resume", "--threads", "--json", "--stacktrace");

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
        return goesOn(output) ? goOn(words, output, start) : begin(words, output, start);
    }

    private int goOn(CommandWords words, OutputFolder output, long start) throws CommandFailure, IOException {
        try (RunLock _ = output.prepare(console)) {
            List<String> begun = output.readArguments();
            checkUnchanged(words, begun);
            words.parseOnTopOf(begun);
            checkOptions();
            ContestFile state = ContestFile.read(output);
            ExperimentSetting setting;
            try (DatasetSplits splits = data.open(recipe.seed(), console)) {
                setting = ExperimentSetting.of(data, variation, splits);
                state.requireConditions(output, conditions(splits));
            }
            return trainAll(contenders(), state, setting, output, deadline(output, start));
        }
    }

    private int begin(CommandWords words, OutputFolder output, long start) throws CommandFailure, IOException {
        checkOptions();
        List<Contender> contenders = contenders();
        checkModels(output, contenders);
        ContestFile state;
        ExperimentSetting setting;
        try (DatasetSplits splits = data.open(recipe.seed(), console);
                var workers = new Workers(common.threads())) {
            setting = ExperimentSetting.of(data, variation, splits);
            for (Contender contender : contenders) {
                ResNet network = ResNet.undrawn(setting.fit(contender.spec()));
                DataOptions.checkBatches(
                        command, setting.plan(), network, splits.train().size());
            }
            state = new ContestFile(name, epochs(contenders, setting, workers, start), Set.of(), conditions(splits));
        }
        try (RunLock _ = output.prepare(console)) {
            // Checked again, now that no other run can come between.
            if (goesOn(output)) {
                throw new IllegalStateException("nothing is to be gone on with");
            }
            checkModels(output, contenders);
            forget(output, contenders);
            output.saveArguments(words.remembered().words());
            state.write(output);
            return trainAll(contenders, state, setting, output, deadline(output, start));
        }
    }

    private static Map<String, String> conditions(DatasetSplits splits) {
        var conditions = new LinkedHashMap<>(DatasetFingerprint.of(splits));
        conditions.put("kernels", KernelLookup.best().name());
        return conditions;
    }

    private Deadline deadline(OutputFolder output, long start) {
        return new Deadline(start + (long) (minutes * SECONDS * NANOS), resumption(output));
    }

    /** Whether there is something to go on with; what would be lost or taken for another is refused. */
    private boolean goesOn(OutputFolder output) throws CommandFailure, IOException {
        if (resume && overwrite) {
            throw new ParameterException(command.commandLine(), "--resume and --overwrite contradict each other");
        }
        if (resume && !ContestFile.isIn(output)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--resume: " + output.path() + " holds no experiment to go on with; name its folder with --output,"
                            + " or begin one without --resume");
        }
        if (!ContestFile.isIn(output) || overwrite) {
            return false;
        }
        if (!resume) {
            throw new ParameterException(
                    command.commandLine(),
                    "--output: " + output.path() + " holds an experiment already; add --resume to go on with it,"
                            + " --overwrite to replace it, or name another folder");
        }
        String other = ContestFile.read(output).experiment();
        if (!other.equals(name)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--output: " + output.path() + " holds the experiment " + other + ", not " + name);
        }
        if (!Files.exists(output.arguments())) {
            throw CommandFailure.input(
                    output.arguments(),
                    output.arguments() + ": no such file; without the options of the beginning the experiment cannot"
                            + " go on, --overwrite begins it anew");
        }
        return true;
    }

    /** Models that no experiment made are not for it to replace, nor what their training goes on from. */
    private void checkModels(OutputFolder output, List<Contender> contenders) {
        var folders = new ArrayList<>(List.of(output));
        if (!ContestFile.isIn(output)) {
            contenders.forEach(contender -> folders.add(of(contender, output)));
        }
        for (OutputFolder taken : folders) {
            if (taken.isTaken()) {
                throw new ParameterException(
                        command.commandLine(),
                        "--output: " + taken.path() + " holds a model that is of no experiment; name another folder");
            }
        }
    }

    /** A comparison is one only if all of it was made in the same way. */
    private void checkUnchanged(CommandWords words, List<String> begun) {
        List<String> before =
                new CommandWords(command, begun).without(MAY_CHANGE).words();
        List<String> again = words.without(MAY_CHANGE).words();
        if (!again.isEmpty() && !again.equals(before)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--resume goes on with the options of the beginning, " + String.join(" ", before) + "; only "
                            + String.join(", ", MAY_CHANGE) + " can be others now");
        }
    }

    private void checkOptions() {
        Range.checkAbove(command, "--minutes", minutes, 0, MAX_MINUTES);
        data.check(command);
        recipe.check(command);
        variation.check(command);
        if (recipe.patience() > 0) {
            throw new ParameterException(
                    command.commandLine(), "--early-stopping does not go with a comparison of equal numbers of epochs");
        }
        check();
        recipe.check(command, false, contenders().stream().anyMatch(Contender::isPlain));
    }

    /** Forgets what an experiment before left in the folder. */
    private static void forget(OutputFolder output, List<Contender> contenders) throws IOException {
        output.forgetRun();
        for (Contender contender : contenders) {
            of(contender, output).forgetRun();
            Files.deleteIfExists(of(contender, output).metrics());
        }
    }

    /** One network after the other, and the page after each; gives the exit code. */
    private int trainAll(
            List<Contender> contenders,
            ContestFile begun,
            ExperimentSetting setting,
            OutputFolder output,
            Deadline deadline)
            throws CommandFailure, IOException {
        var words = new CommandWords(command, output.readArguments());
        ContestFile state = begun;
        for (Contender contender : contenders) {
            if (isDone(contender, output, state)) {
                continue;
            }
            console.note("— " + contender.name() + " —");
            deadline.nextRun();
            var result = new ByteArrayOutputStream();
            int code = train(contender, words, state.epochs(), output, deadline, result);
            if (deadline.hasDiverged()) {
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
            write(contenders, state, setting, output, words);
        }
        return report(write(contenders, state, setting, output, words), contenders, output);
    }

    /** As many as fit into the time, or as were asked for. */
    private int epochs(List<Contender> contenders, ExperimentSetting setting, Workers workers, long start) {
        Integer asked = recipe.epochs();
        if (asked != null) {
            return asked;
        }
        double seconds = 0;
        try (var bar = new ProgressLine(console, "how fast is it here?", contenders.size())) {
            for (Contender contender : contenders) {
                seconds += setting.secondsPerEpoch(contender, recipe.recipe().session(), workers);
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
            CommandWords words,
            int epochs,
            OutputFolder output,
            Deadline deadline,
            ByteArrayOutputStream result) {
        OutputFolder run = of(contender, output);
        var own = new ArrayList<>(NOT_OF_THE_RUNS);
        own.addAll(ownOptions());
        var arguments = new ArrayList<String>();
        arguments.add("train");
        arguments.addAll(words.without(own).words());
        arguments.addAll(contender.arguments());
        arguments.addAll(List.of("--epochs", Integer.toString(epochs)));
        arguments.addAll(List.of("--output", run.path().toString(), "--json"));
        arguments.addAll(List.of("--threads", Integer.toString(common.threads())));
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
        CommandLine line = Shell.commandLine(quiet, List.of(new TrainCommand(quiet, deadline)));
        try {
            return line.execute(arguments.toArray(String[]::new));
        } finally {
            boolean wasInterrupted = Thread.interrupted(); // by the deadline: what follows writes files
            assert !wasInterrupted || deadline.isOver() : "only the deadline interrupts";
        }
    }

    private Contest write(
            List<Contender> contenders,
            ContestFile state,
            ExperimentSetting setting,
            OutputFolder output,
            CommandWords words)
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
        settings.put("command", "resnet4j experiment " + name + " " + String.join(" ", words.words()));
        settings.putAll(setting.description());
        settings.put("epochs", Integer.toString(state.epochs()));
        settings.put(
                "learning rate",
                recipe.recipe()
                        .rate(state.epochs(), setting.plan().batchSize(), false)
                        .toString());
        settings.put("optimizer", recipe.recipe().session().optimizer().toString());
        settings.put("seed", Long.toString(recipe.seed()));
        var contest = new Contest(state.epochs(), setting.validationImages(), results);
        Page page = page(contest)
                .with(ContestPage.settings(settings, EnvironmentTable.of(KernelLookup.best(), common.threads())));
        TextFile.write(output.report(), page.html());
        return contest;
    }

    private int report(Contest contest, List<Contender> contenders, OutputFolder output) {
        boolean finished = contest.isFinished(contenders.size());
        if (common.json()) {
            var json = new LinkedHashMap<String, Object>();
            json.put("experiment", name);
            json.put("finished", finished);
            json.put("epochs", contest.epochs());
            json.put(
                    "networks",
                    contest.results().stream().map(Contest.Result::toJson).toList());
            json.put("output", output.report().toString());
            console.print(Json.write(json));
        } else {
            contest.results().forEach(result -> console.print(result.line()));
            console.print("to look at: " + output.report());
        }
        if (!finished) {
            console.note("the " + Range.plain(minutes) + " minutes are over; to go on: " + resumption(output));
        }
        return ExitCode.DONE.code();
    }

    private String resumption(OutputFolder output) {
        return "resnet4j experiment " + name + " --output " + output.path() + " --resume";
    }
}
