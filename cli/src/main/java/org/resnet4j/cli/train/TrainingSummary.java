package org.resnet4j.cli.train;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.resnet4j.TrainingOutcome;
import org.resnet4j.TrainingRun;
import org.resnet4j.cli.predict.MostFrequentClass;
import org.resnet4j.cli.report.DataLook;
import org.resnet4j.cli.shell.Accuracies;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.Counted;
import org.resnet4j.cli.shell.Json;
import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.cli.shell.Program;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.training.TrainingResult;
import org.resnet4j.training.ValidationMetrics;

/**
 * Messages of {@code train} before and after a run.
 *
 * @param console the output
 * @param json true to print the result as a JSON object
 * @param source the data of the run, as the user named them
 */
record TrainingSummary(Console console, boolean json, String source) {
    /** Prints the network, the data and the settings. */
    static void announce(Console console, TrainingRun run, DatasetSplits splits, long seed, int threads) {
        int size = run.plan().transform().inputSize();
        console.note(String.format(
                Locale.ROOT,
                "%s (%,d parameters) on %s: %,d training images of %d classes, %,d validation images%s",
                run.plan().spec().name(),
                run.model().network().parameterCount(),
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
                run.plan().batchSize(),
                run.epochs(),
                seed,
                threads,
                run.kernels()));
    }

    /** Prints the look at the data. */
    static void tell(Console console, DataLook look) {
        look.numbers().forEach(line -> console.note("  " + line));
        look.warnings().forEach(line -> console.note("note: " + line));
    }

    /**
     * Prints the result, the skipped pictures and suggestions for the next command.
     *
     * @param guess the most frequent class of the validation set, to which the result is compared; empty for no
     *     comparison
     */
    void conclude(ResNet network, TrainingOutcome outcome, OutputFolder output, Optional<MostFrequentClass> guess) {
        if (json) {
            console.print(Json.write(toJson(network, outcome.result(), output)));
        } else {
            print(outcome.result(), network.classes(), output);
        }
        guess.ifPresent(standard -> tellIfGuessing(outcome.result(), standard, output));
        tellSkipped(outcome.trainingSkipped());
        tellSkipped(outcome.validationSkipped());
        if (!json) {
            console.note("Next:");
            new NextSteps(source, network.spec().name(), output).lines().forEach(console::note);
        }
    }

    private static Map<String, @Nullable Object> toJson(ResNet network, TrainingResult result, OutputFolder output) {
        var best = result.best();
        var last = result.last();
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("model", network.spec().name());
        json.put("epochs", result.completedEpochs());
        json.put("seconds", result.seconds());
        json.put("imagesPerSecond", last == null ? null : last.imagesPerSecond());
        json.put("parameters", network.parameterCount());
        json.put("validation", best == null ? null : toJson(best.validation()));
        json.put("output", output.path().toString());
        return json;
    }

    private static Map<String, Object> toJson(ValidationMetrics validation) {
        var json = new LinkedHashMap<String, Object>();
        json.put("top1", validation.top1());
        json.put("top5", validation.top5());
        json.put("loss", validation.loss());
        json.put("samples", validation.samples());
        return json;
    }

    private void print(TrainingResult result, int classes, OutputFolder output) {
        var best = result.best();
        if (best != null) {
            ValidationMetrics validation = best.validation();
            console.tell(String.format(
                    Locale.ROOT,
                    "validation top-1 %.2f %%, %sloss %.4f (epoch %d of %d, %s in all)",
                    100 * validation.top1(),
                    Accuracies.topFive(validation.top5(), classes),
                    validation.loss(),
                    best.epoch(),
                    result.completedEpochs(),
                    TrainingReporter.time(result.seconds())));
        }
        console.tell("saved in " + output.path(), output.path());
    }

    /** Prints a note if the model is no better than always giving the same answer. */
    private void tellIfGuessing(TrainingResult result, MostFrequentClass guess, OutputFolder output) {
        var best = result.best();
        if (best == null || !guess.isAsGoodAs(best.validation().top1())) {
            return;
        }
        console.note(String.format(
                Locale.ROOT,
                "note: this model is no better than guessing: right for %.2f %% of the validation images; %s",
                100 * best.validation().top1(),
                guess.text()));
        console.note("Likely reasons: too few epochs (--epochs) or pictures, an unsuitable learning rate"
                + " (--learning-rate), or class folders with pictures of other classes. To look for them:");
        if (!source.equals(Datasets.SYNTHETIC)) {
            console.note("  " + Program.command("inspect", "data", source));
        }
        console.note("  " + Program.command("inspect", "errors", output.path(), "--data", source));
    }

    private void tellSkipped(SkippedSamples skipped) {
        if (skipped.count() > 0) {
            console.note(Counted.of(skipped.count(), "picture") + " could not be read and "
                    + (skipped.count() == 1 ? "was" : "were") + " skipped:");
            skipped.examples().forEach(example -> console.note("  " + example));
        }
    }
}
