package org.resnet4j.cli.train;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.resnet4j.TrainingRun;
import org.resnet4j.cli.report.Batching;
import org.resnet4j.cli.shell.CommandWords;
import org.resnet4j.cli.shell.Program;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.training.LearningRate;
import org.resnet4j.training.Optimizer;
import org.resnet4j.training.TrainingRecipe;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options of a run as its pages show them.
 *
 * @param words the arguments that the run was started with
 * @param recipe the training recipe
 * @param fineTuning true if all layers start from trained weights
 */
record RunOptions(CommandWords words, TrainingRecipe recipe, boolean fineTuning) {
    /** Options that say nothing about the model. */
    private static final Set<String> NOT_SHOWN = Set.of(
            "--help",
            "--version",
            "--threads",
            "--json",
            "--stacktrace",
            "--resume",
            "--overwrite",
            "--output",
            "--live",
            "--tensorboard",
            "--checkpoint-seconds",
            "--feature-cache");

    private static final String AUTOMATIC = "auto";

    /** Returns the command line that started the run. */
    String line() {
        var line = new ArrayList<Object>();
        line.add(words.command().name());
        line.addAll(words.words());
        return Program.command(line.toArray());
    }

    /** Returns the learning rate of every step. */
    LearningRate rate(TrainingRun run) {
        return recipe.rate(run.epochs(), run.plan().batchSize(), fineTuning);
    }

    /** Returns the division of the pictures into batches. */
    Batching batching(TrainingRun run) {
        return new Batching(run.plan().batchSize(), words.gives("--batch-size"), recipe.accumulation());
    }

    /** Returns every option with its value. Those that were not given are marked. */
    Map<String, String> values(TrainingRun run, DatasetSplits splits) {
        Map<String, String> chosen = chosen(run, splits);
        var values = new LinkedHashMap<String, String>();
        for (OptionSpec option : words.command().options()) {
            String name = option.longestName();
            if (!NOT_SHOWN.contains(name)) {
                String value = text(option.getValue());
                String shown = value == null || value.equals(AUTOMATIC) ? chosen.getOrDefault(name, "none") : value;
                values.put(name, words.gives(name) ? shown : shown + " (default)");
            }
        }
        return values;
    }

    /** Returns the values that the run chose itself. */
    private Map<String, String> chosen(TrainingRun run, DatasetSplits splits) {
        ResNetSpec spec = run.plan().spec();
        var chosen = new LinkedHashMap<String, String>();
        chosen.put("--data", splits.source());
        chosen.put(
                "--validation",
                splits.validationHeldOut()
                        ? "a part of the training data, held out"
                        : "the validation part of the data");
        chosen.put("--image-size", Integer.toString(run.plan().transform().inputSize()));
        chosen.put("--batch-size", Integer.toString(run.plan().batchSize()));
        chosen.put("--model", spec.name());
        chosen.put("--shortcut", OptionWords.word(spec.shortcuts()));
        chosen.put("--activation-order", OptionWords.word(spec.block().order()));
        chosen.put("--epochs", Integer.toString(run.epochs()));
        chosen.put("--learning-rate", number(rate(run).base()));
        switch (recipe.session().optimizer()) {
            case Optimizer.Sgd sgd -> {
                chosen.put("--momentum", number(sgd.momentum()));
                chosen.put("--nesterov", text(sgd.nesterov()));
                chosen.put("--weight-decay", number(sgd.weightDecay()));
            }
            case Optimizer.AdamW adam -> chosen.put("--weight-decay", number(adam.weightDecay()));
        }
        chosen.put("--augmentation", run.settings().getOrDefault("augmentation", "none"));
        return chosen;
    }

    private static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Boolean flag -> flag ? "yes" : "no";
            case Double number -> number(number);
            default -> value.toString();
        };
    }

    private static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
