package org.resnet4j.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.resnet4j.image.ImageDecoder;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Picture;
import org.resnet4j.image.UnreadableImageException;

/** Any bytes are a picture or are refused as unreadable. */
class ImageFuzzTest {
    /** Larger ones cost time and teach nothing; that they are read within the limit is tested elsewhere. */
    private static final long MAX_PIXELS = 1 << 20;

    @FuzzTest(maxDuration = "10m")
    void decode(byte[] bytes) {
        try {
            ImageDecoder.decode(bytes, "fuzz");
        } catch (UnreadableImageException documented) {
            return;
        }
    }

    /** The inner half of a picture, at a quarter of its size, as training takes it from JPEG files. */
    @FuzzTest(maxDuration = "10m")
    void decodePart(byte[] bytes) {
        try {
            Picture picture = ImageDecoder.open(bytes, "fuzz");
            int width = picture.width();
            int height = picture.height();
            if ((long) width * height > MAX_PIXELS) {
                return;
            }
            int partWidth = Math.max(1, width / 2);
            int partHeight = Math.max(1, height / 2);
            picture.decode(
                    width / 4,
                    height / 4,
                    partWidth,
                    partHeight,
                    Math.max(1, partWidth / 4),
                    Math.max(1, partHeight / 4),
                    Interpolation.BILINEAR);
        } catch (UnreadableImageException documented) {
            return;
        }
    }
}
