package org.resnet4j.training;

/** The curve between two values. */
final class Anneal {
    private Anneal() {}

    /** Returns the value at a point of half a cosine from {@code from}, at progress 0, to {@code to}, at progress 1. */
    static double cosine(double from, double to, double progress) {
        return to + (from - to) / 2 * (1 + Math.cos(Math.PI * progress));
    }
}
