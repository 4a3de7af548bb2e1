package org.resnet4j.training;

/** The curve between two values. */
final class Anneal {
    private Anneal() {}

    /** Half a cosine from {@code from}, where progress is 0, to {@code to}, where it is 1. */
    static double cosine(double from, double to, double progress) {
        return to + (from - to) / 2 * (1 + Math.cos(Math.PI * progress));
    }
}
