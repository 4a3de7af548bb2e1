package org.resnet4j.inference.int8;

import java.util.Arrays;
import org.resnet4j.inference.padded.PaddedValue;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/**
 * A value between two steps.
 *
 * @param scale the numbers that its bytes stand for
 * @param halo the pixels around an image that its readers need
 */
record ByteValue(ByteScale scale, int halo) implements PaddedValue<byte[]> {
    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
    private static final Scratch.Ints ROW = new Scratch.Ints();

    @Override
    public PaddedImages layout(int batch, int height, int width, int channels) {
        return PaddedImages.ofBytes(batch, height, width, channels, halo);
    }

    @Override
    public byte[] create(int length) {
        return new byte[length];
    }

    @Override
    public int length(byte[] array) {
        return array.length;
    }

    @Override
    public void fill(byte[] array, int from, int to) {
        Arrays.fill(array, from, to, (byte) scale.zeroPoint());
    }

    @Override
    public void fromFloats(float[] from, PaddedImages layout, byte[] to, boolean[] broken, Workers workers) {
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

    @Override
    public void toFloats(byte[] from, PaddedImages layout, float[] to, Workers workers) {
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
}
