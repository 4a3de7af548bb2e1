package org.resnet4j.cli.predict;

import java.io.IOException;
import java.util.ArrayList;
import org.resnet4j.Evaluation;
import org.resnet4j.ImageClassifier;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.ProgressLine;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.evaluation.Judgement;
import org.resnet4j.evaluation.Judgements;
import org.resnet4j.evaluation.Scores;

/**
 * The predictions of a model for labeled images.
 *
 * @param judgements the predictions with the true classes
 * @param skipped the images that could not be read
 */
public record JudgedImages(Judgements judgements, SkippedSamples skipped) {
    private static final int BATCH = 32;

    /**
     * Predicts every image of a dataset.
     *
     * @param builder the classifier, except for its threads
     * @param classes for each class of the dataset, the number of the model's class
     * @throws org.resnet4j.dataset.NoReadableImageException if no image can be read
     */
    public static JudgedImages of(
            ImageClassifier.Builder builder, Dataset dataset, int[] classes, int threads, Console console)
            throws IOException {
        var all = new ArrayList<Judgement>();
        var loading = LoaderOptions.of(BATCH).withThreads(threads);
        try (var classifier = builder.threads(threads).build();
                var bar = new ProgressLine(console, "evaluate", dataset.size())) {
            var listener = new Evaluation.Listener() {
                @Override
                public void scored(int sample, int label, Scores scores) {
                    all.add(Judgement.of(sample, label, scores));
                }

                @Override
                public void advanced(int images) {
                    bar.advance(images);
                }
            };
            Evaluation evaluation = Evaluation.of(classifier, dataset, classes, loading, listener);
            return new JudgedImages(new Judgements(all, classifier.labels().size()), evaluation.skipped());
        }
    }
}
