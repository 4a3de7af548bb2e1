package org.resnet4j.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.image.file.Fixtures;

class EvaluationTransformTest {
    record Case(EvaluationTransform transform, Image source, float[] expected) {
        @Override
        public String toString() {
            return source.width() + "x" + source.height() + " " + transform;
        }
    }

    static Stream<Case> cases() throws IOException {
        return Stream.concat(
                cases("evaluation.gz", Normalization.IMAGENET),
                cases("evaluation-gray.gz", Normalization.uniform(1, 0.5f, 0.25f)));
    }

    private static Stream<Case> cases(String name, Normalization normalization) throws IOException {
        return Fixtures.records(name, in -> {
                    int resize = in.readInt();
                    int size = in.readInt();
                    var interpolation = Interpolation.valueOf(in.readUTF());
                    var transform = new EvaluationTransform(resize, size, interpolation, normalization, false);
                    Image source = Fixtures.image(in);
                    float[] expected = new float[transform.inputLength()];
                    for (int i = 0; i < expected.length; i++) {
                        expected[i] = in.readFloat();
                    }
                    return new Case(transform, source, expected);
                })
                .stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyBitEqualsTorchvision(Case given) {
        float[] actual = new float[given.transform().inputLength()];
        given.transform().write(given.source(), actual, 0);
        assertArrayEquals(given.expected(), actual);
    }

    @Test
    void cropPercentagesGiveTimmsResizeSizes() {
        assertEquals(256, ofCropPct(224, 0.875).resizeSize());
        assertEquals(235, ofCropPct(224, 0.95).resizeSize());
        assertEquals(303, ofCropPct(288, 0.95).resizeSize());
        assertEquals(32, ofCropPct(32, 1.0).resizeSize());
    }

    @Test
    void aPictureOfTheNetworksSizeIsKeptOnlyOnRequest() {
        Image image = ResizeTest.randomImage(new Random(5), 16, 16, 3);
        EvaluationTransform transform = ofCropPct(16, 0.875);
        assertEquals(16, transform.apply(image).width());
        assertTrue(Fixtures.difference(image, transform.apply(image)) > 0);
        assertSame(image, transform.keepingMatching().apply(image));
        Image wider = ResizeTest.randomImage(new Random(5), 17, 16, 3);
        assertArrayEquals(
                transform.apply(wider).samples(),
                transform.keepingMatching().apply(wider).samples());
    }

    @Test
    void aVeryLongPictureCostsOnlyWhatTheNetworkSees() {
        Image strip = ResizeTest.randomImage(new Random(6), 1_000_000, 1, 1);
        Image seen = ofCropPct(64, 0.875).apply(strip);
        assertEquals(64, seen.width());
        assertEquals(64, seen.height());
    }

    @Test
    void impossibleSettingsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> ofCropPct(224, 0));
        assertThrows(IllegalArgumentException.class, () -> ofCropPct(224, 1.5));
        assertThrows(IllegalArgumentException.class, () -> ofCropPct(0, 0.875));
    }

    private static EvaluationTransform ofCropPct(int size, double cropPct) {
        return EvaluationTransform.ofCropPct(size, cropPct, Interpolation.BICUBIC, Normalization.IMAGENET);
    }

    @Test
    void anotherInputSizeKeepsTheShareThatIsCutOut() {
        var usual = EvaluationTransform.ofCropPct(224, 0.875, Interpolation.BICUBIC, Normalization.IMAGENET);
        assertEquals(new EvaluationTransform(256, 224, Interpolation.BICUBIC, Normalization.IMAGENET, false), usual);
        assertEquals(
                new EvaluationTransform(110, 96, Interpolation.BICUBIC, Normalization.IMAGENET, false),
                usual.withInputSize(96));
        assertEquals(usual.keepingMatching(), usual.keepingMatching().withInputSize(224));
    }
}
