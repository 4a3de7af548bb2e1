package org.resnet4j.generator;

/** Terms of an array index, as Java text. */
final class Index {
    private Index() {}

    /** Returns nothing, or {@code " + 2"}. */
    static String plus(int constant) {
        return constant == 0 ? "" : " + " + constant;
    }

    /** Returns nothing, {@code " + name"}, or {@code " + 2 * name"}. */
    static String plus(int times, String name) {
        return times == 0 ? "" : " + " + times(times, name);
    }

    /** Returns {@code "name"}, or {@code "2 * name"}. */
    static String times(int times, String name) {
        return times == 1 ? name : times + " * " + name;
    }
}
