package org.resnet4j.image.codec.webp;

import java.util.Arrays;
import org.resnet4j.image.sample.Pixels;

/** The prediction of blocks from the samples above and to the left of them (RFC 6386, section 12). */
final class Vp8Prediction {
    /**
     * The modes in the order of {@link Vp8Tables#MODE_PROBABILITIES}; the first four also apply to whole macroblocks.
     */
    static final int DC = 0;

    static final int TRUE_MOTION = 1;
    static final int VERTICAL = 2;
    static final int HORIZONTAL = 3;
    static final int RIGHT_DOWN = 4;
    static final int VERTICAL_RIGHT = 5;
    static final int LEFT_DOWN = 6;
    static final int VERTICAL_LEFT = 7;
    static final int HORIZONTAL_DOWN = 8;
    static final int HORIZONTAL_UP = 9;

    private Vp8Prediction() {}

    /** Predicts a whole square of {@code size} 16 (luma) or 8 (chroma) samples. */
    static void square(Vp8Plane plane, int at, int size, int mode, boolean hasAbove, boolean hasLeft) {
        switch (mode) {
            case DC -> fill(plane, at, size, mean(plane, at, size, hasAbove, hasLeft));
            case TRUE_MOTION -> trueMotion(plane, at, size);
            case VERTICAL -> {
                for (int y = 0; y < size; y++) {
                    System.arraycopy(plane.samples, at - plane.stride, plane.samples, at + y * plane.stride, size);
                }
            }
            default -> {
                for (int y = 0; y < size; y++) {
                    int row = at + y * plane.stride;
                    Arrays.fill(plane.samples, row, row + size, plane.samples[row - 1]);
                }
            }
        }
    }

    private static int mean(Vp8Plane plane, int at, int size, boolean hasAbove, boolean hasLeft) {
        if (!hasAbove && !hasLeft) {
            return 128;
        }
        int sum = 0;
        for (int i = 0; i < size; i++) {
            sum += hasAbove ? plane.sample(at - plane.stride + i) : 0;
            sum += hasLeft ? plane.sample(at + i * plane.stride - 1) : 0;
        }
        int count = hasAbove && hasLeft ? 2 * size : size;
        return (sum + count / 2) / count;
    }

    private static void fill(Vp8Plane plane, int at, int size, int value) {
        for (int y = 0; y < size; y++) {
            int row = at + y * plane.stride;
            Arrays.fill(plane.samples, row, row + size, (byte) value);
        }
    }

    private static void trueMotion(Vp8Plane plane, int at, int size) {
        int above = at - plane.stride;
        int corner = plane.sample(above - 1);
        for (int y = 0; y < size; y++) {
            int row = at + y * plane.stride;
            int base = plane.sample(row - 1) - corner;
            for (int x = 0; x < size; x++) {
                plane.samples[row + x] = Pixels.clip(base + plane.sample(above + x));
            }
        }
    }

    /**
     * Predicts a 4x4 block.
     *
     * @param aboveRight the index of the four samples above and to the right of the block
     */
    static void block(Vp8Plane plane, int at, int aboveRight, int mode) {
        if (mode == TRUE_MOTION) {
            trueMotion(plane, at, 4);
            return;
        }
        if (mode == DC) {
            fill(plane, at, 4, mean(plane, at, 4, true, true));
            return;
        }
        // The edge, from the lower left over the corner to the upper right: e[0..3] left, e[4] corner, e[5..12] above.
        int[] e = new int[13];
        for (int i = 0; i < 4; i++) {
            e[i] = plane.sample(at + (3 - i) * plane.stride - 1);
            e[5 + i] = plane.sample(at - plane.stride + i);
            e[9 + i] = plane.sample(aboveRight + i);
        }
        e[4] = plane.sample(at - plane.stride - 1);
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 4; x++) {
                plane.samples[at + y * plane.stride + x] = (byte) directed(e, mode, x, y);
            }
        }
    }

    private static int directed(int[] e, int mode, int x, int y) {
        return switch (mode) {
            case VERTICAL -> three(e, 5 + x);
            case HORIZONTAL -> y == 3 ? threeAtStart(e) : three(e, 3 - y);
            case RIGHT_DOWN -> three(e, 4 + x - y);
            case LEFT_DOWN -> x + y == 6 ? e[11] + 3 * e[12] + 2 >> 2 : three(e, 6 + x + y);
            case VERTICAL_RIGHT -> verticalRight(e, x, y);
            case VERTICAL_LEFT -> verticalLeft(e, x, y);
            case HORIZONTAL_DOWN -> horizontalDown(e, x, y);
            case HORIZONTAL_UP -> horizontalUp(e, x + 2 * y);
            default -> throw new IllegalArgumentException("no such mode: " + mode);
        };
    }

    private static int verticalRight(int[] e, int x, int y) {
        int along = 2 * x - y;
        if (along < 0) {
            return three(e, along == -1 ? 4 : 5 - y);
        }
        return (along & 1) == 0 ? two(e, 4 + along / 2) : three(e, 4 + (along + 1) / 2);
    }

    private static int verticalLeft(int[] e, int x, int y) {
        if (x == 3 && y >= 2) {
            return three(e, 8 + y);
        }
        int first = 5 + x + y / 2;
        return (y & 1) == 0 ? two(e, first) : three(e, first + 1);
    }

    private static int horizontalDown(int[] e, int x, int y) {
        int along = 2 * y - x;
        if (along < 0) {
            return three(e, along == -1 ? 4 : 3 + x);
        }
        return (along & 1) == 0 ? two(e, 3 - along / 2) : three(e, 4 - (along + 1) / 2);
    }

    private static int horizontalUp(int[] e, int along) {
        if (along > 5) {
            return e[0];
        }
        if (along == 5) {
            return threeAtStart(e);
        }
        return (along & 1) == 0 ? two(e, 2 - along / 2) : three(e, 2 - along / 2);
    }

    private static int two(int[] e, int first) {
        return e[first] + e[first + 1] + 1 >> 1;
    }

    private static int three(int[] e, int middle) {
        return e[middle - 1] + 2 * e[middle] + e[middle + 1] + 2 >> 2;
    }

    /** Averages three samples; the lowest sample on the left is counted twice more because there is none below it. */
    private static int threeAtStart(int[] e) {
        return e[1] + 3 * e[0] + 2 >> 2;
    }
}
