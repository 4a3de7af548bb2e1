package org.resnet4j.image.codec.tiff;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A reader of rows of samples as bytes. Fewer bits are scaled up to 255, except those of palettes; 16 bits give their
 * upper byte; floating-point numbers are truncated to integers from 0 to 255.
 */
final class TiffSamples {
    private final TiffLayout layout;
    private final ByteOrder order;

    TiffSamples(TiffLayout layout, ByteOrder order) {
        this.layout = layout;
        this.order = order;
    }

    /**
     * Reads some of the samples of each pixel of a row.
     *
     * @param row the stored samples
     * @param taken the number of samples of each pixel to read, starting with the first
     * @param pixels the number of pixels to read
     * @param to receives the samples, from {@code at}
     * @param step the distance between pixels in {@code to}
     */
    void take(byte[] row, int taken, int pixels, byte[] to, int at, int step) {
        int stride = layout.interleaved();
        if (layout.bits() == 8 && taken == stride && taken == step) {
            System.arraycopy(row, 0, to, at, pixels * step);
            return;
        }
        int upper = order == ByteOrder.LITTLE_ENDIAN ? 1 : 0;
        ByteBuffer numbers = ByteBuffer.wrap(row).order(order);
        for (int c = 0; c < taken; c++) {
            for (int x = 0, from = c, target = at + c; x < pixels; x++, from += stride, target += step) {
                to[target] = switch (layout.bits()) {
                    case 8 -> row[from];
                    case 16 -> row[2 * from + upper];
                    case 32 -> (byte) Math.clamp((long) numbers.getFloat(4 * from), 0, 255);
                    default -> packed(row, from);
                };
            }
        }
    }

    private byte packed(byte[] row, int index) {
        int bits = layout.bits();
        int mask = (1 << bits) - 1;
        int bit = index * bits;
        int value = row[bit >> 3] >> 8 - bits - (bit & 7) & mask;
        return (byte) (layout.colors() == TiffColors.PALETTE ? value : value * (255 / mask));
    }
}
