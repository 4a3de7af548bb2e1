package org.resnet4j.inference.int8;

import java.util.Arrays;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/**
 * A value between two steps.
 *
 * @param scale the numbers that its bytes stand for
 * @param halo the pixels around an image that its readers need
 */
record ByteValue(ByteScale scale, int halo) {
    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
    private static final Scratch.Ints ROW = new Scratch.Ints();

    PaddedImages layout(int batch, int height, int width, int channels) {
        return PaddedImages.ofBytes(batch, height, width, channels, halo);
    }

    /**
     * Converts images to bytes. The halo is not written.
     *
     * @param broken receives true for each image with a number that is not finite
     */
    void quantize(float[] from, PaddedImages layout, byte[] to, boolean[] broken, Workers workers) {
        int width = layout.width() * layout.channels();
        workers.run(layout.batch() * layout.height(), (row, scratch) -> {
            int image = row / layout.height();
            int[] quantized = scratch.get(ROW, width);
            if (!quantize(from, row * width, width, quantized)) {
                broken[image] = true;
            }
            int source = 0;
            int target = image * layout.imageLength() + layout.position(row % layout.height(), 0);
            for (int x = 0; x < layout.width(); x++) {
                for (int c = 0; c < layout.channels(); c++) {
                    to[target + c] = (byte) quantized[source + c];
                }
                source += layout.channels();
                target += layout.pixelLength();
            }
        });
    }

    /** Converts numbers. Returns false if one of them is not finite. */
    private boolean quantize(float[] from, int at, int count, int[] to) {
        int most = 0;
        for (int i = 0; i < count; i++) {
            most = Math.max(most, Float.floatToRawIntBits(from[at + i]) & Integer.MAX_VALUE);
        }
        for (int i = 0; i < count; i++) {
            to[i] = scale.quantize(from[at + i]);
        }
        return most < INFINITY;
    }

    /** Converts bytes to images in float32. */
    void toFloats(byte[] from, PaddedImages layout, float[] to, Workers workers) {
        int width = layout.width() * layout.channels();
        workers.run(layout.batch() * layout.height(), (row, scratch) -> {
            int target = row * width;
            int source = row / layout.height() * layout.imageLength() + layout.position(row % layout.height(), 0);
            for (int x = 0; x < layout.width(); x++) {
                for (int c = 0; c < layout.channels(); c++) {
                    to[target + c] = scale.number(from[source + c]);
                }
                target += layout.channels();
                source += layout.pixelLength();
            }
        });
    }

    /** Returns the mean of the numbers that bytes stand for. */
    float mean(int sum, int count) {
        return (float) ((sum - (double) count * scale.zeroPoint()) * scale.scale() / count);
    }

    /** Sets the pixels around the images to zero. */
    void fillHalo(PaddedImages layout, byte[] bytes) {
        if (halo == 0) {
            return;
        }
        byte zero = (byte) scale.zeroPoint();
        int side = halo * layout.pixelLength();
        for (int image = 0; image < layout.batch(); image++) {
            int start = image * layout.imageLength();
            int first = start + layout.position(0, 0);
            int end = first + (layout.height() - 1) * layout.rowLength() + layout.width() * layout.pixelLength();
            Arrays.fill(bytes, start, first, zero);
            for (int row = 1; row < layout.height(); row++) {
                int gap = first + row * layout.rowLength() - 2 * side;
                Arrays.fill(bytes, gap, gap + 2 * side, zero);
            }
            Arrays.fill(bytes, end, start + layout.imageLength(), zero);
        }
    }
}
