package org.resnet4j.cli.train;

import java.io.IOException;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.ImageClassifier;
import org.resnet4j.TrainingOutcome;
import org.resnet4j.TrainingRun;
import org.resnet4j.cli.model.SeenImage;
import org.resnet4j.cli.predict.JudgedImages;
import org.resnet4j.cli.report.ClassTables;
import org.resnet4j.cli.report.EnvironmentTable;
import org.resnet4j.cli.report.Page;
import org.resnet4j.cli.report.Picture;
import org.resnet4j.cli.report.Section;
import org.resnet4j.cli.report.Table;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.Counted;
import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.NoReadableImageException;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.evaluation.Scores;
import org.resnet4j.file.AtomicFile;
import org.resnet4j.image.file.PngEncoder;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.layer.Workspace;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.BestEpoch;
import org.resnet4j.training.Schedule.RunLength;
import org.resnet4j.training.ValidationMetrics;
import org.resnet4j.training.log.MetricsRows;

/**
 * The page at the end of a run: sample predictions, results by class, curves, settings and environment.
 *
 * @param output the folder of the run, where the page is written
 * @param model the saved model
 * @param run the run
 * @param splits the data
 * @param options the options of the run
 */
record RunReport(OutputFolder output, Model model, TrainingRun run, DatasetSplits splits, RunOptions options) {
    private static final int SAMPLES = 18;
    private static final double PERCENT = 100;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm z", Locale.ROOT);

    /** Returns the report on the model that a run saved. */
    static RunReport of(TrainingRun run, DatasetSplits splits, RunOptions options, OutputFolder output)
            throws IOException {
        Model saved = ModelFolder.isModel(output.path()) ? ModelFolder.load(output.path()) : run.model();
        return new RunReport(output, saved, run, splits, options);
    }

    /**
     * Writes the page.
     *
     * @param batchesPerEpoch the number of training batches of an epoch; 0 if no epoch was left to train
     * @param data the section on the data
     */
    void write(TrainingOutcome outcome, int batchesPerEpoch, int threads, Console console, Optional<Section> data)
            throws IOException {
        MetricsRows epochs = MetricsRows.read(output.metrics());
        var curves = RunCurves.of(splits);
        var sections = new ArrayList<Section>();
        sections.add(new Section(
                "Sample predictions on the validation set",
                List.of("Predictions of the saved model for some validation images, with their probabilities."),
                List.of(),
                List.of(),
                samples(threads)));
        data.ifPresent(sections::add);
        sections.addAll(byClass(threads, console));
        sections.add(new Section(
                "Training curves",
                List.of(),
                batchesPerEpoch == 0
                        ? curves.of(epochs)
                        : curves.of(epochs, options.rate(run), length(batchesPerEpoch)),
                List.of()));
        sections.addAll(skipped(outcome));
        sections.add(new Section(
                "Settings and environment",
                List.of(),
                List.of(),
                List.of(
                        Table.of("Options", options.values(run, splits)),
                        circumstances(outcome),
                        EnvironmentTable.of(threads))));
        var page = new Page(
                model.network().spec().name() + " in " + output.path().getFileName(),
                List.of(lead(outcome.result().best(), epochs.count(), curves)),
                sections,
                "The metrics are in metrics.csv beside this page.");
        AtomicFile.write(output.report(), page.html());
    }

    private RunLength length(int batchesPerEpoch) {
        return new RunLength(
                run.epochs(), Math.ceilDiv(batchesPerEpoch, options.recipe().accumulation()));
    }

    private static String lead(@Nullable BestEpoch best, int epochs, RunCurves curves) {
        if (best == null) {
            return String.format(Locale.ROOT, "%s, without validation.", Counted.of(epochs, "epoch"));
        }
        ValidationMetrics validation = best.validation();
        String top5 = curves.hasTop5()
                ? String.format(Locale.ROOT, " Top-5 accuracy: %.2f %%.", PERCENT * validation.top5())
                : "";
        return String.format(
                Locale.ROOT,
                "Top-1 accuracy: %.2f %% of %s; always guessing the most frequent class would reach %.2f %%.%s This is"
                        + " the saved model, after epoch %d of %d.",
                PERCENT * validation.top1(),
                Counted.of(validation.samples(), "validation image"),
                PERCENT * curves.guessing(),
                top5,
                best.epoch(),
                epochs);
    }

    private Table circumstances(TrainingOutcome outcome) {
        var values = new LinkedHashMap<String, String>();
        values.put("command", options.line());
        values.put("finished", DATE.format(ZonedDateTime.now(ZoneId.systemDefault())));
        values.put("duration", TrainingReporter.time(outcome.result().seconds()));
        return Table.of("Run", values);
    }

    /** Returns the section with the results of the saved model by class; empty without validation images. */
    private List<Section> byClass(int threads, Console console) throws IOException {
        if (splits.validation().size() == 0) {
            return List.of();
        }
        int[] same = IntStream.range(0, model.labels().size()).toArray();
        ClassTables tables;
        try {
            var builder = ImageClassifier.builder().model(model);
            JudgedImages judged = JudgedImages.of(builder, splits.validation(), same, threads, console);
            tables = new ClassTables(judged.judgements(), model.labels());
        } catch (NoReadableImageException reported) {
            return List.of();
        }
        return List.of(new Section(
                "Results by class on the validation set",
                List.of(tables.confusedMost(), ClassTables.explanation()),
                List.of(),
                List.of(tables.confusions(), tables.perClass())));
    }

    /** Returns the section on the pictures that could not be read; empty if there are none. */
    private static List<Section> skipped(TrainingOutcome outcome) {
        var paragraphs = new ArrayList<String>();
        var rows = new ArrayList<List<String>>();
        tell(paragraphs, rows, outcome.trainingSkipped(), "training");
        tell(paragraphs, rows, outcome.validationSkipped(), "validation");
        return paragraphs.isEmpty()
                ? List.of()
                : List.of(new Section(
                        "Skipped pictures",
                        paragraphs,
                        List.of(),
                        List.of(new Table("Pictures that could not be read", List.of("data", "reason"), rows))));
    }

    private static void tell(List<String> paragraphs, List<List<String>> rows, SkippedSamples skipped, String part) {
        if (skipped.count() > 0) {
            paragraphs.add(Counted.of(skipped.count(), "picture") + " of the " + part + " data could not be read.");
            skipped.examples().forEach(example -> rows.add(List.of(part, example)));
        }
    }

    /**
     * Returns sample predictions for images spread over the validation set, without unreadable ones, which were
     * reported before.
     */
    private List<Picture> samples(int threads) throws IOException {
        Dataset validation = splits.validation();
        var pictures = new ArrayList<Picture>();
        int count = Math.min(SAMPLES, validation.size());
        try (var compute = Compute.best(threads)) {
            var workspace = new Workspace(compute);
            for (int i = 0; i < count; i++) {
                int index = (int) ((long) i * validation.size() / count);
                try {
                    pictures.add(sample(index, workspace));
                } catch (UnreadableImageException reported) {
                    // Validation reported it already.
                }
            }
        }
        return pictures;
    }

    private Picture sample(int index, Workspace workspace) throws IOException {
        SeenImage seen = SeenImage.scaled(model, splits.validation().picture(index));
        Tensor logits = model.network().predict(seen.input(), workspace);
        var scores = new Scores(Arrays.copyOf(logits.array(), model.labels().size()));
        workspace.release(logits);
        int said = scores.best();
        int label = splits.validation().label(index);
        String answer =
                String.format(Locale.ROOT, "%s, %.0f %%", model.labels().get(said), PERCENT * scores.probability(said));
        String truth = model.labels().get(label);
        String caption = said == label ? "✓ " + answer : "✗ " + answer + "; correct: " + truth;
        String origin = splits.validation().origin(index);
        return new Picture(
                caption + "\n" + origin,
                "A validation image of the class " + truth + ": " + origin + ".",
                PngEncoder.encode(seen.image()),
                false);
    }
}
