package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.model.Model;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;

/** Pictures of every format, whole and cut, predicted as a folder. */
class FolderOfPicturesTest {
    private static final Path FIXTURES = Path.of("src/test/resources/image/files");
    private static final EvaluationTransform TRANSFORM =
            EvaluationTransform.ofCropPct(32, 1, Interpolation.BILINEAR, Normalization.IMAGENET);

    @TempDir
    private Path folder;

    private final List<Path> files = new ArrayList<>();

    /** Copies each picture whole, and cut after half and after nine tenths of its bytes. */
    @BeforeEach
    void copy() throws IOException {
        try (Stream<Path> fixtures = Files.list(FIXTURES)) {
            for (Path fixture : fixtures.sorted().toList()) {
                byte[] bytes = Files.readAllBytes(fixture);
                for (int tenths : new int[] {10, 9, 5}) {
                    Path file = folder.resolve(tenths + "-" + fixture.getFileName());
                    files.add(Files.write(file, Arrays.copyOf(bytes, bytes.length * tenths / 10)));
                }
            }
        }
    }

    /** Returns a line for each file: the digest of its logits, or the reason why there are none. */
    private List<String> predict(Model model, int threads, boolean scaled) throws IOException {
        ImageClassifier.Builder builder = ImageClassifier.builder().model(model).threads(threads);
        if (scaled) {
            builder.scaledDecoding();
        }
        var lines = new ArrayList<String>();
        try (ImageClassifier classifier = builder.build()) {
            classifier.predictFiles(files, answer -> {
                String line = switch (answer) {
                    case FilePrediction.Answer read ->
                        "answer " + Arrays.hashCode(read.prediction().logits());
                    case FilePrediction.Unreadable cut -> cut.problem().reason();
                };
                lines.add(answer.file().getFileName() + ": " + line);
            });
        }
        return lines;
    }

    private static Model model() {
        ResNet network = ResNet.create(ResNets.named("resnet8"), 8);
        return new Model(network, List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"), TRANSFORM);
    }

    @Test
    void everyNumberOfThreadsGivesTheSameBitsAndSkipsTheSameFiles() throws IOException {
        Model model = model();
        for (boolean scaled : new boolean[] {false, true}) {
            List<String> expected = predict(model, 1, scaled);
            assertEquals(files.size(), expected.size());
            for (int threads : new int[] {2, 3, 5}) {
                assertEquals(expected, predict(model, threads, scaled), threads + " threads, scaled " + scaled);
            }
        }
    }

    @Test
    void aFileIsSkippedForTheReasonOfTheDecoderAlone() throws IOException {
        for (boolean scaled : new boolean[] {false, true}) {
            List<String> lines = predict(model(), 2, scaled);
            int skipped = 0;
            for (int i = 0; i < files.size(); i++) {
                Path file = files.get(i);
                String reason = reason(file, scaled);
                assertEquals(reason != null, !lines.get(i).contains(": answer "), lines.get(i));
                if (reason != null) {
                    assertEquals(file.getFileName() + ": " + reason, lines.get(i));
                    skipped++;
                    assertFalse(file.getFileName().toString().startsWith("10-"), lines.get(i));
                }
            }
            assertTrue(skipped > files.size() / 2, skipped + " of " + files.size());
        }
    }

    /** Returns the reason for which the decoder refuses a file, or null if it reads it. */
    private static String reason(Path file, boolean scaled) {
        try {
            ImageDecoder.prepare(file, TRANSFORM, scaled);
            return null;
        } catch (UnreadableImageException refused) {
            return refused.reason();
        }
    }
}
