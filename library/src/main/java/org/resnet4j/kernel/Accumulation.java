package org.resnet4j.kernel;

/** The way in which a result is written to its array. */
public enum Accumulation {
    /** The result replaces what the array holds. */
    OVERWRITE,
    /** The result is added to what the array holds. */
    ADD;

    /** Returns addition or replacement. */
    public static Accumulation adding(boolean adds) {
        return adds ? ADD : OVERWRITE;
    }

    /** Returns true if the result is added. */
    public boolean adds() {
        return this == ADD;
    }
}
