package org.resnet4j.cli.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.resnet4j.TrainingRun;
import org.resnet4j.cli.model.SeenImage;
import org.resnet4j.cli.report.Axis;
import org.resnet4j.cli.report.EnvironmentTable;
import org.resnet4j.cli.report.Page;
import org.resnet4j.cli.report.Picture;
import org.resnet4j.cli.report.Plot;
import org.resnet4j.cli.report.Section;
import org.resnet4j.cli.report.Series;
import org.resnet4j.cli.report.Table;
import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.evaluation.Scores;
import org.resnet4j.file.AtomicFile;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.PngEncoder;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.layer.Workspace;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.BestEpoch;
import org.resnet4j.training.ValidationMetrics;
import org.resnet4j.training.log.MetricsRows;

/**
 * The page at the end of a run: curves, sample predictions, settings and environment.
 *
 * @param output the folder of the run, where the page is written
 * @param model the saved model
 * @param settings the settings of the run
 */
record RunReport(OutputFolder output, Model model, Map<String, String> settings) {
    private static final int SAMPLES = 18;
    private static final double PERCENT = 100;

    /** Returns the report on the model that a run saved. */
    static RunReport of(TrainingRun run, OutputFolder output) throws IOException {
        Model saved = ModelFolder.isModel(output.path()) ? ModelFolder.load(output.path()) : run.model();
        return new RunReport(output, saved, run.settings());
    }

    /**
     * Writes the page.
     *
     * @param best the epoch of the saved model; null without validation
     * @param validation the validation set, from which the sample predictions are taken
     * @param data the section on the data
     */
    void write(@Nullable BestEpoch best, Dataset validation, int threads, Optional<Section> data) throws IOException {
        MetricsRows epochs = MetricsRows.read(output.metrics());
        var sections = new ArrayList<Section>();
        sections.add(new Section("Training curves", List.of(), curves(epochs), List.of()));
        List<Picture> samples;
        try (var compute = Compute.best(threads)) {
            samples = samples(validation, new Workspace(compute));
        }
        sections.add(new Section(
                "Sample predictions on the validation set",
                List.of("Predictions of the saved model for some validation images, with their probabilities."),
                List.of(),
                List.of(),
                samples));
        data.ifPresent(sections::add);
        sections.add(new Section(
                "Settings and environment",
                List.of(),
                List.of(),
                List.of(Table.of("Settings", settings), EnvironmentTable.of(threads))));
        var page = new Page(
                model.network().spec().name() + " in " + output.path().getFileName(),
                List.of(lead(best, epochs.count())),
                sections,
                "The metrics are in metrics.csv beside this page.");
        AtomicFile.write(output.report(), page.html());
    }

    private static String lead(@Nullable BestEpoch best, int epochs) {
        if (best == null) {
            return String.format(Locale.ROOT, "%d epochs, without validation.", epochs);
        }
        ValidationMetrics validation = best.validation();
        return String.format(
                Locale.ROOT,
                "Top-1 accuracy: %.2f %% of %,d validation images; top-5 accuracy: %.2f %%. This is the saved model,"
                        + " after epoch %d of %d.",
                PERCENT * validation.top1(),
                validation.samples(),
                PERCENT * validation.top5(),
                best.epoch(),
                epochs);
    }

    /** Returns the curves of a run. */
    static List<Plot> curves(MetricsRows epochs) {
        return List.of(
                plot(
                        "Loss",
                        "cross-entropy",
                        List.of(
                                new Series("training", 1, false, Series.byEpoch(epochs, "trainLoss", 1)),
                                new Series("validation", 0, false, Series.byEpoch(epochs, "validationLoss", 1)))),
                plot(
                        "Accuracy",
                        "percent",
                        List.of(
                                new Series("training, top-1", 1, false, Series.byEpoch(epochs, "trainTop1", PERCENT)),
                                new Series("validation, top-1", 0, false, Series.byEpoch(epochs, "top1", PERCENT)),
                                new Series("validation, top-5", 2, false, Series.byEpoch(epochs, "top5", PERCENT)))),
                plot(
                        "Learning rate",
                        "learning rate at the end of the epoch",
                        List.of(new Series("rate", 3, false, Series.byEpoch(epochs, "learningRate", 1)))),
                plot(
                        "Speed",
                        "images per second",
                        List.of(new Series("training", 4, false, Series.byEpoch(epochs, "imagesPerSecond", 1)))));
    }

    private static Plot plot(String caption, String unit, List<Series> series) {
        var words = new ArrayList<String>();
        for (Series line : series) {
            if (!line.points().isEmpty()) {
                words.add(String.format(
                        Locale.ROOT,
                        "%s goes from %.4g to %.4g",
                        line.name(),
                        line.points().getFirst().y(),
                        line.points().getLast().y()));
            }
        }
        return new Plot(
                caption,
                caption + " by epoch: " + String.join("; ", words) + ".",
                new Axis("epoch", false),
                new Axis(unit, false),
                series);
    }

    /**
     * Returns sample predictions for images spread over the validation set, without unreadable ones, which were
     * reported before.
     */
    private List<Picture> samples(Dataset validation, Workspace workspace) throws IOException {
        var pictures = new ArrayList<Picture>();
        int count = Math.min(SAMPLES, validation.size());
        for (int i = 0; i < count; i++) {
            int index = (int) ((long) i * validation.size() / count);
            try {
                pictures.add(sample(validation.image(index), validation.label(index), workspace));
            } catch (UnreadableImageException reported) {
                // Validation reported it already.
            }
        }
        return pictures;
    }

    private Picture sample(Image image, int label, Workspace workspace) {
        SeenImage seen = SeenImage.of(model, image);
        Tensor logits = model.network().predict(seen.input(), workspace);
        var scores = new Scores(Arrays.copyOf(logits.array(), model.labels().size()));
        workspace.release(logits);
        int said = scores.best();
        String answer =
                String.format(Locale.ROOT, "%s, %.0f %%", model.labels().get(said), PERCENT * scores.probability(said));
        String truth = model.labels().get(label);
        String caption = said == label ? "✓ " + answer : "✗ " + answer + "; correct: " + truth;
        return new Picture(
                caption, "A validation image of the class " + truth + ".", PngEncoder.encode(seen.image()), false);
    }
}
