package org.resnet4j.support;

/** Checks of settings, with the rejected value in the message. */
public final class Ranges {
    private Ranges() {}

    public static void checkProbability(String what, double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException(what + " probability must be from 0 to 1, got " + probability);
        }
    }

    /** Checks a range of fractions of an image's area: above 0, at most 1, in order. */
    public static void checkScale(String what, double min, double max) {
        if (!(min > 0 && min <= max && max <= 1)) {
            throw new IllegalArgumentException(
                    what + " scale must be a range within 0 (excluded) to 1, got " + min + " to " + max);
        }
    }

    /** Checks a range of aspect ratios (width by height): above 0, in order. */
    public static void checkRatio(String what, double min, double max) {
        if (!(min > 0 && min <= max && max < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(what + " ratio must be a range above 0, got " + min + " to " + max);
        }
    }

    public static void checkAtLeast(String what, int least, int value) {
        if (value < least) {
            throw new IllegalArgumentException(what + " must be at least " + least + ", got " + value);
        }
    }
}
