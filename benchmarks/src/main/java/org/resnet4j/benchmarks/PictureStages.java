package org.resnet4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.resnet4j.ImageClassifier;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.tensor.Tensor;

/** The stages of our own prediction, each alone on one thread of this process. */
final class PictureStages {
    /** Rounds until the loops are compiled. */
    private static final int WARM_UP = 8;

    private static final int BATCH = 16;
    private static final int PICTURES = 16;
    private static final int SIZE = PictureNetwork.TRANSFORM.inputSize();

    private PictureStages() {}

    /** Times each stage and returns a line with the milliseconds per picture, medians of {@code rounds}. */
    static String measure(Path network, List<Path> files, int rounds) throws IOException {
        List<Path> some = files.subList(0, Math.min(PICTURES, files.size()));
        double exact = prepare(some, false, rounds);
        double scaled = prepare(some, true, rounds);
        return String.format(
                Locale.ROOT,
                "stages on one thread, ms per picture: decode, resize, normalize %.1f exact, %.1f scaled; network %.1f",
                exact,
                scaled,
                predict(network, rounds));
    }

    private static double prepare(List<Path> files, boolean scaled, int rounds) throws IOException {
        var transform = PictureNetwork.TRANSFORM;
        float[] out = new float[transform.inputLength()];
        double[] milliseconds = new double[rounds];
        for (int round = -WARM_UP; round < rounds; round++) {
            long start = System.nanoTime();
            for (Path file : files) {
                var picture = ImageDecoder.open(Files.readAllBytes(file), file.toString());
                transform.normalization().write(picture.prepare(transform, scaled), out, 0);
            }
            milliseconds[Math.max(0, round)] = (System.nanoTime() - start) / 1e6 / files.size();
        }
        return Measurement.median(milliseconds);
    }

    private static double predict(Path network, int rounds) throws IOException {
        double[] milliseconds = new double[rounds];
        try (var classifier =
                ImageClassifier.builder().model(network).threads(1).build()) {
            Tensor images = Tensor.zeros(BATCH, SIZE, SIZE, 3);
            classifier.logits(images);
            for (int round = -WARM_UP; round < rounds; round++) {
                long start = System.nanoTime();
                classifier.logits(images);
                milliseconds[Math.max(0, round)] = (System.nanoTime() - start) / 1e6 / BATCH;
            }
        }
        return Measurement.median(milliseconds);
    }
}
