package org.resnet4j.cli.train;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.resnet4j.RunLock;
import org.resnet4j.TrainingPlan;
import org.resnet4j.TrainingRun;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.CommandWords;
import org.resnet4j.cli.shell.CommonOptions;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.ExitCode;
import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.cli.shell.ProgressLine;
import org.resnet4j.cli.shell.StoredArguments;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.model.StartingWeights;
import org.resnet4j.model.UnfitWeightsException;
import org.resnet4j.resnet.ShortcutOption;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code train} command, which trains a network and saves it. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Train a residual network and save it as a model folder.",
            "Without options, train a small network on synthetic images in about a minute.",
            "The same options give the same network, bit for bit, on any number of threads."
        },
        footer = {
            "",
            "Examples:",
            "  resnet4j train",
            "  resnet4j train --data photos/ --output pets      one folder per class",
            "  resnet4j train --data fashion-mnist --epochs 8",
            "  resnet4j train --data photos.zip --weights resnet18/ --freeze backbone",
            "  resnet4j train --output pets --resume            continue an interrupted run",
            "  resnet4j train --model plain20 --output plain    without shortcuts"
        })
public final class TrainCommand implements Callable<Integer> {
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

    @ArgGroup(exclusive = false, validate = false, heading = "%nAugmentation%n", order = 4)
    private AugmentationOptions variation = new AugmentationOptions();

    @ArgGroup(exclusive = false, validate = false, heading = "%nOutput%n", order = 5)
    private OutputOptions outputs = new OutputOptions();

    @Mixin
    private CommonOptions common;

    public TrainCommand(Console console) {
        this(console, Supervisor.NONE);
    }

    /**
     * Creates the command as part of another one.
     *
     * @param supervisor the observer of the run, on behalf of the command that started it
     */
    public TrainCommand(Console console, Supervisor supervisor) {
        this.console = console;
        this.supervisor = supervisor;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        try (var interruption = new Interruption(console);
                var preparation = ProgressLine.ofUnknownLength(console)) {
            train(interruption, preparation);
        }
        return ExitCode.DONE.code();
    }

    private void train(Interruption interruption, ProgressLine preparation) throws CommandFailure, IOException {
        CommandWords words = CommandWords.typed(command);
        StoredArguments begun = outputs.begun(command);
        if (outputs.resume()) {
            outputs.checkResumes(words, begun.here(), command);
            words.parseOnTopOf(begun.here());
        }
        data.check(command);
        networks.check(command);
        recipe.check(command);
        variation.check(command);
        outputs.check(command);
        int threads = common.threads();
        preparation.message("reading " + data.source());
        StartingWeights start = networks.startingWeights(console, begun);
        try (DatasetSplits splits = data.open(recipe.seed(), console, begun);
                TrainingRun run = run(splits, start, threads)) {
            OutputFolder output = outputs.choose(command);
            var training = new Training(
                    console,
                    supervisor,
                    run,
                    splits,
                    options(words, begun.words(), start != null),
                    output,
                    preparation);
            try (LiveReport live = outputs.live(output);
                    RunLock lock = output.prepare(console)) {
                outputs.begin(output, words, begun.words(), console);
                training.announce(recipe.recipe().seed(), threads, live);
                training.run(
                        outputs.files(lock, live).withListener(outputs.prolonging(output, words, begun)),
                        outputs.resume(),
                        common,
                        interruption);
            }
        }
    }

    private RunOptions options(CommandWords words, List<String> begun, boolean fromWeights) {
        var started = begun.isEmpty()
                ? new CommandWords(command, words.remembered().words())
                : new CommandWords(command, begun);
        return new RunOptions(started, recipe.recipe(), fromWeights && !networks.freezesBackbone());
    }

    private TrainingRun run(DatasetSplits splits, @Nullable StartingWeights start, int threads)
            throws CommandFailure, IOException {
        TrainingRun.Builder builder = TrainingRun.on(splits).threads(threads).remarks(console::note);
        data.applyTo(builder);
        networks.applyTo(builder, start);
        variation.applyTo(builder);
        builder.recipe(recipe.recipe());
        TrainingPlan plan = builder.plan();
        recipe.check(command, networks.freezesBackbone(), plan.spec().shortcuts() == ShortcutOption.NONE);
        TrainingRun run;
        try {
            run = builder.build(plan);
        } catch (IllegalArgumentException refused) {
            throw new ParameterException(command.commandLine(), String.valueOf(refused.getMessage()), refused);
        } catch (UnfitWeightsException other) {
            throw CommandFailure.input(other.file(), "--weights: " + other.getMessage(), other);
        }
        if (!networks.freezesBackbone()) {
            DataOptions.checkBatches(
                    command, plan, run.model().network(), splits.train().size(), recipe.shards());
        }
        return run;
    }
}
