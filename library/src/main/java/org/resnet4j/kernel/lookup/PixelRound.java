package org.resnet4j.kernel.lookup;

import java.util.Arrays;
import org.resnet4j.kernel.FilterTaps;
import org.resnet4j.kernel.PixelKernel;

/** A call of each operation of a kernel of pictures, on rows of the width of a small picture. */
final class PixelRound {
    private static final int WIDTH = 256;
    private static final int TAPS = 5;
    private static final int SIDE = 8;

    private final PixelKernel kernel;
    private final int[] coefficients;
    private final byte[] samples;
    private final byte[] plane = row(2 * WIDTH);
    private final byte[] wide = row(2 * WIDTH);
    private final byte[][] ycc = {row(WIDTH), row(WIDTH), row(WIDTH)};
    private final byte[][] rgb = {row(WIDTH), row(WIDTH), row(WIDTH)};
    private final int[] sums = new int[WIDTH + PixelKernel.PADDING];
    private final FilterTaps taps = taps();

    PixelRound(PixelKernel kernel) {
        this.kernel = kernel;
        coefficients = new int[SIDE * SIDE * kernel.blocks() + PixelKernel.PADDING];
        samples = row(SIDE * SIDE * kernel.blocks());
    }

    private static byte[] row(int count) {
        return new byte[count + PixelKernel.PADDING];
    }

    private static FilterTaps taps() {
        int targets = WIDTH / 2 - TAPS;
        var taps = new FilterTaps(
                FilterTaps.GROUP, new int[targets], new int[targets], new int[targets * FilterTaps.GROUP]);
        Arrays.setAll(taps.first(), i -> 2 * i);
        Arrays.fill(taps.count(), TAPS);
        return taps;
    }

    /** Runs the operations on about the same number of pixels, whatever the kernel, and returns their time. */
    long nanos() {
        long start = System.nanoTime();
        int transformed = 0;
        while (transformed < WIDTH) {
            for (int size = 2; size <= SIDE; size *= 2) {
                kernel.inverseTransform(coefficients, size, samples, 0, size * kernel.blocks());
            }
            transformed += SIDE * kernel.blocks();
        }
        kernel.mixRows(plane, 0, WIDTH, 1, ycc[0], WIDTH);
        kernel.widen(plane, 0, WIDTH, wide);
        kernel.widenBoth(plane, 0, WIDTH, WIDTH, wide);
        kernel.toRgb(ycc, rgb, WIDTH);
        kernel.filter(plane, 0, taps, rgb[0], 0, 1);
        kernel.addRow(plane, 0, 1, sums, WIDTH);
        kernel.finish(sums, rgb[1], WIDTH);
        return System.nanoTime() - start;
    }
}
