package org.resnet4j.image.codec.webp;

import org.resnet4j.image.sample.Pixels;

/** The filter that smooths the edges of macroblocks and of the blocks inside (RFC 6386, section 15). */
final class Vp8LoopFilter {
    private final int sharpness;

    Vp8LoopFilter(int sharpness) {
        this.sharpness = sharpness;
    }

    /** The edges of a macroblock to filter. */
    record Edges(boolean left, boolean above, boolean inner) {}

    /** Applies the simple filter, for luma only. */
    void simple(Vp8Plane luma, int at, int level, Edges edges) {
        int inner = 2 * level + interiorLimit(level);
        int outer = inner + 4;
        if (edges.left()) {
            simpleEdge(luma, at, 1, luma.stride, outer);
        }
        for (int i = 4; edges.inner() && i < 16; i += 4) {
            simpleEdge(luma, at + i, 1, luma.stride, inner);
        }
        if (edges.above()) {
            simpleEdge(luma, at, luma.stride, 1, outer);
        }
        for (int i = 4; edges.inner() && i < 16; i += 4) {
            simpleEdge(luma, at + i * luma.stride, luma.stride, 1, inner);
        }
    }

    /** Applies the normal filter to a square of {@code size} 16 (luma) or 8 (chroma) samples. */
    void normal(Vp8Plane plane, int at, int size, int level, Edges edges) {
        int interior = interiorLimit(level);
        int inner = 2 * level + interior;
        int outer = inner + 4;
        int sharp = level >= 40 ? 2 : level >= 15 ? 1 : 0;
        if (edges.left()) {
            outerEdge(plane, at, 1, plane.stride, size, outer, interior, sharp);
        }
        for (int i = 4; edges.inner() && i < size; i += 4) {
            innerEdge(plane, at + i, 1, plane.stride, size, inner, interior, sharp);
        }
        if (edges.above()) {
            outerEdge(plane, at, plane.stride, 1, size, outer, interior, sharp);
        }
        for (int i = 4; edges.inner() && i < size; i += 4) {
            innerEdge(plane, at + i * plane.stride, plane.stride, 1, size, inner, interior, sharp);
        }
    }

    private int interiorLimit(int level) {
        int limit = level;
        if (sharpness > 0) {
            limit = Math.min(limit >> (sharpness > 4 ? 2 : 1), 9 - sharpness);
        }
        return Math.max(limit, 1);
    }

    /**
     * Filters across the edge before {@code at}: {@code across} is the step over it, {@code along} the step to the next
     * position on it.
     */
    private static void simpleEdge(Vp8Plane plane, int at, int across, int along, int limit) {
        for (int i = 0, p = at; i < 16; i++, p += along) {
            if (isWeak(plane, p, across, limit)) {
                adjustTwo(plane, p, across);
            }
        }
    }

    private static void outerEdge(
            Vp8Plane plane, int at, int across, int along, int size, int limit, int interior, int sharp) {
        for (int i = 0, p = at; i < size; i++, p += along) {
            if (isWeak(plane, p, across, limit) && isFlat(plane, p, across, interior)) {
                if (isSharp(plane, p, across, sharp)) {
                    adjustTwo(plane, p, across);
                } else {
                    adjustSix(plane, p, across);
                }
            }
        }
    }

    private static void innerEdge(
            Vp8Plane plane, int at, int across, int along, int size, int limit, int interior, int sharp) {
        for (int i = 0, p = at; i < size; i++, p += along) {
            if (isWeak(plane, p, across, limit) && isFlat(plane, p, across, interior)) {
                if (isSharp(plane, p, across, sharp)) {
                    adjustTwo(plane, p, across);
                } else {
                    adjustFour(plane, p, across);
                }
            }
        }
    }

    /** Returns true if the step at the edge is small enough to be caused by the quantization. */
    private static boolean isWeak(Vp8Plane plane, int p, int step, int limit) {
        return 4 * difference(plane, p - step, p) + difference(plane, p - 2 * step, p + step) <= 2 * limit + 1;
    }

    private static boolean isFlat(Vp8Plane plane, int p, int step, int limit) {
        return difference(plane, p - 4 * step, p - 3 * step) <= limit
                && difference(plane, p - 3 * step, p - 2 * step) <= limit
                && difference(plane, p - 2 * step, p - step) <= limit
                && difference(plane, p + 3 * step, p + 2 * step) <= limit
                && difference(plane, p + 2 * step, p + step) <= limit
                && difference(plane, p + step, p) <= limit;
    }

    private static boolean isSharp(Vp8Plane plane, int p, int step, int threshold) {
        return difference(plane, p - 2 * step, p - step) > threshold || difference(plane, p + step, p) > threshold;
    }

    private static int difference(Vp8Plane plane, int a, int b) {
        return Math.abs(plane.sample(a) - plane.sample(b));
    }

    private static void adjustTwo(Vp8Plane plane, int p, int step) {
        int outer = plane.sample(p - 2 * step) - plane.sample(p + step);
        int change = signedByte(3 * (plane.sample(p) - plane.sample(p - step)) + signedByte(outer));
        add(plane, p - step, signedByte(change + 3) >> 3);
        add(plane, p, -(signedByte(change + 4) >> 3));
    }

    private static void adjustFour(Vp8Plane plane, int p, int step) {
        int change = signedByte(3 * (plane.sample(p) - plane.sample(p - step)));
        int after = signedByte(change + 4) >> 3;
        int farther = after + 1 >> 1;
        add(plane, p - 2 * step, farther);
        add(plane, p - step, signedByte(change + 3) >> 3);
        add(plane, p, -after);
        add(plane, p + step, -farther);
    }

    private static void adjustSix(Vp8Plane plane, int p, int step) {
        int outer = plane.sample(p - 2 * step) - plane.sample(p + step);
        int change = signedByte(3 * (plane.sample(p) - plane.sample(p - step)) + signedByte(outer));
        for (int i = 0; i < 3; i++) {
            int part = 9 * (3 - i) * change + 63 >> 7;
            add(plane, p - (i + 1) * step, part);
            add(plane, p + i * step, -part);
        }
    }

    private static int signedByte(int value) {
        return Math.clamp(value, -128, 127);
    }

    private static void add(Vp8Plane plane, int at, int change) {
        plane.samples[at] = Pixels.clip(plane.sample(at) + change);
    }
}
