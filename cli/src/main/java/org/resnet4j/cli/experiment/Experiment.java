package org.resnet4j.cli.experiment;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
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
import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.cli.train.AugmentationOptions;
import org.resnet4j.cli.train.DataOptions;
import org.resnet4j.cli.train.RecipeOptions;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.file.AtomicFile;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.run.DatasetFingerprint;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * An experiment. It trains several networks in the same way, one after the other, each as {@code resnet4j train} does,
 * and compares them on a page. All get the same number of epochs: as many as fit into the time.
 */
abstract class Experiment implements Callable<Integer> {
    private static final double MAX_MINUTES = 60 * 24 * 30;

    private final Console console;
    private final String name;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            order = 100,
            description = "Time limit of this call (default: 20). Unless --epochs is given, the number"
                    + " of epochs is chosen so that all networks finish in time. If time runs out, --resume continues.")
    private double minutes = 20;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            order = 101,
            description = "Folder of the experiment, with report.html and a folder for each network (default: the"
                    + " name of the experiment).")
    private @Nullable Path folder;

    @Option(
            names = "--resume",
            order = 102,
            description = "Continue the interrupted experiment in --output with its original options.")
    private boolean resume;

    @Option(names = "--overwrite", order = 103, description = "Replace the experiment in --output.")
    private boolean overwrite;

    @ArgGroup(exclusive = false, validate = false, heading = "%nData%n", order = 1)
    private DataOptions data = new DataOptions();

    @ArgGroup(exclusive = false, validate = false, heading = "%nTraining (the same for all networks)%n", order = 2)
    private RecipeOptions recipe = new RecipeOptions();

    @ArgGroup(exclusive = false, validate = false, heading = "%nAugmentation%n", order = 3)
    private AugmentationOptions variation = new AugmentationOptions();

    @Mixin
    private CommonOptions common;

    Experiment(Console console, String name) {
        this.console = console;
        this.name = name;
    }

    /** Returns the networks, in the order of training. */
    abstract List<Contender> contenders();

    /** Returns the options of this experiment that {@code train} does not have. */
    abstract List<String> ownOptions();

    /** Returns the page on the results so far. */
    abstract Page page(Contest contest) throws IOException;

    /** Rejects invalid values. */
    abstract void check();

    CommandSpec command() {
        return command;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        var budget = new ContestBudget(command, console, minutes, System.nanoTime());
        CommandWords words = CommandWords.typed(command);
        var output = new ContestFolder(command, name, new OutputFolder(folder != null ? folder : Path.of(name)));
        return output.goesOn(resume, overwrite) ? goOn(words, output, budget) : begin(words, output, budget);
    }

    private int goOn(CommandWords words, ContestFolder folder, ContestBudget budget)
            throws CommandFailure, IOException {
        OutputFolder output = folder.output();
        try (RunLock _ = output.prepare(console)) {
            List<String> begun = output.readArguments();
            folder.checkUnchanged(words, begun);
            words.parseOnTopOf(begun);
            checkOptions();
            ContestFile state = ContestFile.read(output);
            ExperimentSetting setting;
            try (DatasetSplits splits = data.open(recipe.seed(), console)) {
                setting = ExperimentSetting.of(data, variation, splits);
                state.requireConditions(output, conditions(splits));
            }
            return trainAll(state, setting, folder, budget);
        }
    }

    private int begin(CommandWords words, ContestFolder folder, ContestBudget budget)
            throws CommandFailure, IOException {
        checkOptions();
        List<Contender> contenders = contenders();
        folder.checkModels(contenders);
        ContestFile state;
        ExperimentSetting setting;
        try (DatasetSplits splits = data.open(recipe.seed(), console);
                var compute = Compute.best(common.threads())) {
            setting = ExperimentSetting.of(data, variation, splits);
            for (Contender contender : contenders) {
                ResNet network = ResNet.undrawn(setting.fit(contender.spec()));
                DataOptions.checkBatches(
                        command, setting.plan(), network, splits.train().size(), recipe.shards());
            }
            Integer asked = recipe.epochs();
            int epochs = asked != null
                    ? asked
                    : budget.epochs(contenders, setting, recipe.recipe().session(), compute);
            state = new ContestFile(name, epochs, Set.of(), conditions(splits));
        }
        OutputFolder output = folder.output();
        try (RunLock _ = output.prepare(console)) {
            // Checked again under the lock: another run may have intervened.
            if (folder.goesOn(resume, overwrite)) {
                throw new IllegalStateException("there must be no experiment to resume");
            }
            folder.checkModels(contenders);
            folder.forget(contenders);
            output.saveArguments(words.remembered().words());
            state.write(output);
            return trainAll(state, setting, folder, budget);
        }
    }

    private static Map<String, String> conditions(DatasetSplits splits) {
        var conditions = new LinkedHashMap<>(DatasetFingerprint.of(splits));
        conditions.put("kernels", Compute.bestKernels());
        return conditions;
    }

    private void checkOptions() {
        Range.checkAbove(command, "--minutes", minutes, 0, MAX_MINUTES);
        data.check(command);
        recipe.check(command);
        variation.check(command);
        if (recipe.patience() > 0) {
            throw new ParameterException(
                    command.commandLine(),
                    "--early-stopping cannot be used in a comparison with equal numbers of epochs");
        }
        check();
        recipe.check(command, false, contenders().stream().anyMatch(Contender::isPlain));
    }

    /** Trains one network after the other, writes the page after each, and returns the exit code. */
    private int trainAll(ContestFile begun, ExperimentSetting setting, ContestFolder folder, ContestBudget budget)
            throws CommandFailure, IOException {
        OutputFolder output = folder.output();
        var words = new CommandWords(command, output.readArguments());
        var runs = new ContestRuns(console, common, folder, words, ownOptions());
        var report = new ContestReport(folder, setting);
        var deadline = new Deadline(budget.end(), folder.resumption());
        ContestFile state = begun;
        for (Contender contender : contenders()) {
            if (folder.isDone(contender, state)) {
                continue;
            }
            console.note("— " + contender.title() + " —");
            deadline.nextRun();
            var result = new ByteArrayOutputStream();
            int code = runs.train(contender, state.epochs(), deadline, result);
            if (deadline.hasDiverged()) {
                state = state.withDiverged(contender.name());
                state.write(output);
                console.note(contender.name() + " diverged: this counts as a result");
            } else if (deadline.isOver() && code != 0) {
                break;
            } else if (code != 0) {
                if (common.json()) {
                    console.print(result.toString(StandardCharsets.UTF_8).strip());
                }
                return code;
            }
            write(report, state, words);
        }
        Contest contest = write(report, state, words);
        boolean finished = contest.isFinished(contenders().size());
        report.print(contest, finished, common.json(), console);
        if (!finished) {
            console.note("the " + Range.plain(minutes) + " minutes are over; to continue: " + folder.resumption());
        }
        return ExitCode.DONE.code();
    }

    private Contest write(ContestReport report, ContestFile state, CommandWords words) throws IOException {
        Contest contest = report.read(contenders(), state);
        Map<String, String> settings = report.settings(words.words(), recipe.recipe(), state.epochs());
        Page page = page(contest).with(ContestPage.settings(settings, EnvironmentTable.of(common.threads())));
        AtomicFile.write(report.folder().output().report(), page.html());
        return contest;
    }
}
