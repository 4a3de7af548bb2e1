package org.resnet4j.training;

/** Interpolation between two values along a cosine. */
final class Anneal {
    private Anneal() {}

    /** Returns a half cosine from {@code from} at progress 0 to {@code to} at progress 1. */
    static double cosine(double from, double to, double progress) {
        return to + (from - to) / 2 * (1 + Math.cos(Math.PI * progress));
    }
}
