package org.resnet4j.transfer;

/** What may still be taken to keep features. */
final class FeatureMemory {
    /** Of an array, and of the place that points to it. */
    private static final int OVERHEAD = 24;

    private long free;

    FeatureMemory(long bytes) {
        free = bytes;
    }

    /** Bytes that it takes to keep the features of one image. */
    static long bytes(int length) {
        return (long) length * Float.BYTES + OVERHEAD;
    }

    /** Takes memory for the features of one image; false if there is no more. */
    boolean take(int length) {
        long needed = bytes(length);
        if (needed > free) {
            return false;
        }
        free -= needed;
        return true;
    }
}
