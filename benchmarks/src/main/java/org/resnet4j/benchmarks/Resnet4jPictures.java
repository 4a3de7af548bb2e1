package org.resnet4j.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.resnet4j.FilePrediction;
import org.resnet4j.ImageClassifier;

/**
 * Our library, as a program uses it.
 *
 * @param scaled true to decode JPEG files at a reduced size
 */
record Resnet4jPictures(boolean scaled) implements PicturePeer {
    @Override
    public String name() {
        return scaled ? "resnet4j-scaled" : "resnet4j-exact";
    }

    @Override
    public Running open(Path network, int threads) throws IOException {
        var builder = ImageClassifier.builder().model(network).threads(threads);
        return new Classifier((scaled ? builder.scaledDecoding() : builder).build());
    }

    private record Classifier(ImageClassifier classifier) implements Running {
        @Override
        public float[][] predict(List<Path> files) throws IOException {
            List<FilePrediction> results = new ArrayList<>();
            classifier.predictFiles(files, results::add);
            float[][] logits = new float[files.size()][];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = switch (results.get(i)) {
                    case FilePrediction.Answer answer -> answer.prediction().logits();
                    case FilePrediction.Unreadable unreadable -> throw unreadable.problem();
                };
            }
            return logits;
        }

        @Override
        public void close() {
            classifier.close();
        }
    }
}
