package org.resnet4j.inference.bfloat16;

import java.util.Arrays;
import org.resnet4j.inference.padded.PaddedValue;
import org.resnet4j.kernel.BFloat16;
import org.resnet4j.kernel.BFloat16Kernel;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.parallel.Workers;

/**
 * A value between two steps.
 *
 * @param halo the pixels around an image that its readers need
 * @param kernel rounds floats
 */
record BFloat16Value(int halo, BFloat16Kernel kernel) implements PaddedValue<short[]> {
    @Override
    public PaddedImages layout(int batch, int height, int width, int channels) {
        return PaddedImages.ofBFloats(batch, height, width, channels, halo);
    }

    @Override
    public short[] create(int length) {
        return new short[length];
    }

    @Override
    public int length(short[] array) {
        return array.length;
    }

    @Override
    public void fill(short[] array, int from, int to) {
        Arrays.fill(array, from, to, (short) 0);
    }

    /** {@inheritDoc} NaN and infinity are numbers of the format. */
    @Override
    public void fromFloats(float[] from, PaddedImages layout, short[] to, boolean[] broken, Workers workers) {
        int channels = layout.channels();
        int width = layout.width() * channels;
        workers.run(layout.batch() * layout.height(), (row, scratch) -> {
            int source = row * width;
            int target = layout.position(row / layout.height(), row % layout.height(), 0);
            if (layout.pixelLength() == channels) {
                kernel.round(from, source, to, target, width);
                return;
            }
            for (int x = 0; x < layout.width(); x++) {
                BFloat16.round(from, source, to, target, channels);
                source += channels;
                target += layout.pixelLength();
            }
        });
    }

    @Override
    public void toFloats(short[] from, PaddedImages layout, float[] to, Workers workers) {
        int channels = layout.channels();
        int width = layout.width() * channels;
        workers.run(layout.batch() * layout.height(), (row, scratch) -> {
            int target = row * width;
            int source = layout.position(row / layout.height(), row % layout.height(), 0);
            for (int x = 0; x < layout.width(); x++) {
                for (int c = 0; c < channels; c++) {
                    to[target + c] = BFloat16.toFloat(from[source + c]);
                }
                target += channels;
                source += layout.pixelLength();
            }
        });
    }
}
