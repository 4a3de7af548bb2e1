package org.resnet4j.support;

/** Checks of settings, with the rejected value in the message. */
public final class Check {
    private Check() {}

    public static void share(String name, double value) {
        require(value >= 0 && value < 1, name, "from 0 to below 1", value);
    }

    public static void notNegative(String name, double value) {
        require(value >= 0 && Double.isFinite(value), name, "0 or more", value);
    }

    public static void positive(String name, double value) {
        require(value > 0 && Double.isFinite(value), name, "above 0", value);
    }

    public static void atLeast(String name, int least, int value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", got " + value);
        }
    }

    private static void require(boolean holds, String name, String range, double value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " must be " + range + ", got " + value);
        }
    }
}
