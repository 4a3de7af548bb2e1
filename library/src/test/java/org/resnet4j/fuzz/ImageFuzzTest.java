package org.resnet4j.fuzz;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.image.file.Picture;
import org.resnet4j.image.file.UnreadableImageException;

/** Any bytes are a picture or are refused as unreadable. */
class ImageFuzzTest {
    /** Larger ones cost time and teach nothing; that they are read within the limit is tested elsewhere. */
    private static final long MAX_PIXELS = 1 << 20;

    @FuzzTest(maxDuration = "10m")
    void jpeg(byte[] bytes) throws IOException {
        decode(bytes, "\u00ff\u00d8\u00ff");
    }

    @FuzzTest(maxDuration = "10m")
    void png(byte[] bytes) throws IOException {
        decode(bytes, "\u0089PNG\r\n\u001a\n");
    }

    @FuzzTest(maxDuration = "10m")
    void gif(byte[] bytes) throws IOException {
        decode(bytes, "GIF89a");
    }

    @FuzzTest(maxDuration = "10m")
    void bmp(byte[] bytes) throws IOException {
        decode(bytes, "BM");
    }

    @DictionaryEntries({"VP8 ", "VP8L", "VP8X", "ANMF", "ALPH", "EXIF", "XMP "})
    @FuzzTest(maxDuration = "10m")
    void webp(byte[] bytes) throws IOException {
        byte[] changed = bytes.clone();
        if (bytes.length >= 12) {
            System.arraycopy("WEBP".getBytes(StandardCharsets.ISO_8859_1), 0, changed, 8, 4);
        }
        decode(changed, "RIFF");
    }

    /** In the order of bytes that the first of them tells. */
    @FuzzTest(maxDuration = "10m")
    void tiff(byte[] bytes) throws IOException {
        boolean big = bytes.length > 0 && bytes[0] == 'M';
        decode(bytes, big ? "MM" : "II");
    }

    /** Decodes a file that begins as those of its format do, whatever its first bytes were. */
    private static void decode(byte[] bytes, String start) throws IOException {
        byte[] file = bytes.clone();
        byte[] magic = start.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(magic, 0, file, 0, Math.min(magic.length, file.length));
        FuzzLimits.checkPicture(() -> {
            try {
                Image image = ImageDecoder.decode(file, "fuzz");
                return (long) image.width() * image.height();
            } catch (UnreadableImageException documented) {
                return 0;
            }
        });
    }

    /** Resizing while decoding gives the pixels of the decoded picture, or its refusal; scaled, the same refusal. */
    @FuzzTest(maxDuration = "10m")
    void prepare(byte[] bytes) throws IOException {
        var transform = new EvaluationTransform(24, 16, Interpolation.BILINEAR, Normalization.IMAGENET, false);
        FuzzLimits.check(() -> {
            try {
                Picture opened = ImageDecoder.open(bytes, "fuzz");
                if ((long) opened.width() * opened.height() > MAX_PIXELS) {
                    return;
                }
            } catch (UnreadableImageException documented) {
                return;
            }
            Prepared expected = Prepared.of(() -> transform.apply(ImageDecoder.decode(bytes, "fuzz")));
            Prepared exact = Prepared.of(() -> ImageDecoder.prepare(bytes, "fuzz", transform, false));
            Prepared scaled = Prepared.of(() -> ImageDecoder.prepare(bytes, "fuzz", transform, true));
            if (!exact.equals(expected) || !scaled.problem().equals(expected.problem())) {
                throw new AssertionError(expected + ", prepared " + exact + ", scaled " + scaled);
            }
        });
    }

    private interface Preparing {
        Image prepare() throws UnreadableImageException;
    }

    /** The samples of a picture, or the reason why it is refused. */
    private record Prepared(List<Byte> samples, String problem) {
        static Prepared of(Preparing preparing) {
            try {
                var samples = new ArrayList<Byte>();
                for (byte sample : preparing.prepare().samples()) {
                    samples.add(sample);
                }
                return new Prepared(samples, "");
            } catch (UnreadableImageException refused) {
                return new Prepared(List.of(), String.valueOf(refused.getMessage()));
            }
        }
    }

    /** The inner half of a picture, at a quarter of its size, as training takes it from JPEG files. */
    @FuzzTest(maxDuration = "10m")
    void decodePart(byte[] bytes) throws IOException {
        FuzzLimits.check(() -> {
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
        });
    }
}
