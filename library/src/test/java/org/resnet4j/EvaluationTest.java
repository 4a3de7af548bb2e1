package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.NoReadableImageException;
import org.resnet4j.evaluation.Judgement;
import org.resnet4j.evaluation.Judgements;
import org.resnet4j.evaluation.Scores;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.model.Model;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;

class EvaluationTest {
    private static final int IMAGES = 11;

    private static ImageClassifier classifier() throws IOException {
        var spec = ResNets.named("resnet8").withClasses(3).withImages(8, 3);
        var transform = EvaluationTransform.ofCropPct(8, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        var model = new Model(ResNet.create(spec, 1), List.of("a", "b", "c"), transform);
        return ImageClassifier.builder().model(model).threads(1).build();
    }

    /** Noise of two classes, of which some cannot be read. */
    private record Noise(List<Integer> unreadable) implements Dataset {
        @Override
        public int size() {
            return IMAGES;
        }

        @Override
        public List<String> classes() {
            return List.of("c", "a");
        }

        @Override
        public int label(int index) {
            return index % 2;
        }

        @Override
        public Image image(int index) throws IOException {
            if (unreadable.contains(index)) {
                throw new UnreadableImageException(origin(index), "torn");
            }
            var bytes = new byte[8 * 8 * 3];
            new Random(index).nextBytes(bytes);
            return new Image(8, 8, 3, bytes);
        }

        @Override
        public String origin(int index) {
            return "noise " + index;
        }
    }

    @Test
    void everyImageIsScoredOnceInItsOrder() throws IOException {
        var judged = new ArrayList<Judgement>();
        var batches = new ArrayList<Integer>();
        try (ImageClassifier classifier = classifier()) {
            var noise = new Noise(List.of(0, 5));
            Evaluation evaluation =
                    Evaluation.of(classifier, noise, new int[] {2, 0}, LoaderOptions.of(4), new Evaluation.Listener() {
                        @Override
                        public void scored(int sample, int label, Scores scores) {
                            judged.add(Judgement.of(sample, label, scores));
                        }

                        @Override
                        public void advanced(int images) {
                            batches.add(images);
                        }
                    });
            assertEquals(
                    List.of(1, 2, 3, 4, 6, 7, 8, 9, 10),
                    judged.stream().map(Judgement::index).toList());
            assertEquals(List.of(3, 3, 3), batches);
            assertEquals(2, evaluation.skipped().count());
            assertEquals(9, evaluation.tally().samples());
            assertEquals(9, evaluation.tally().top5(), "of three classes");
            assertEquals(
                    new Judgements(judged, 3).accuracy(), evaluation.tally().top1Share());
            for (Judgement one : judged) {
                assertEquals(one.index() % 2 == 0 ? 2 : 0, one.truth());
                assertEquals(
                        classifier.classify(noise.image(one.index())).getFirst().index(), one.said());
            }
        }
    }

    @Test
    void aDatasetWithoutAReadableImageIsRefused() throws IOException {
        var none = new Noise(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
        try (ImageClassifier classifier = classifier()) {
            assertThrows(
                    NoReadableImageException.class,
                    () -> Evaluation.of(
                            classifier, none, new int[] {0, 1}, LoaderOptions.of(4), Evaluation.Listener.NONE));
            assertThrows(
                    UnreadableImageException.class,
                    () -> Evaluation.of(
                            classifier,
                            none,
                            new int[] {0, 1},
                            LoaderOptions.of(4).withStrict(true),
                            Evaluation.Listener.NONE));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Evaluation.of(classifier, none, new int[3], LoaderOptions.of(4), Evaluation.Listener.NONE));
        }
    }

    @Test
    void aClassThatTheClassifierDoesNotKnowIsRefused() throws IOException {
        try (ImageClassifier classifier = classifier()) {
            var refused = assertThrows(
                    IllegalArgumentException.class,
                    () -> Evaluation.of(
                            classifier,
                            new Noise(List.of()),
                            new int[] {2, -1},
                            LoaderOptions.of(4),
                            Evaluation.Listener.NONE));
            assertEquals(
                    "class a of the dataset must be one of the classifier's, from 0 to 2, got -1",
                    refused.getMessage());
        }
    }
}
