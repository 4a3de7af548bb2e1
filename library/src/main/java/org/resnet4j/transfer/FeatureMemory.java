package org.resnet4j.transfer;

/** The memory left for cached features. */
final class FeatureMemory {
    /** Bytes of an array's header and of the reference to it. */
    private static final int OVERHEAD = 24;

    private long free;

    FeatureMemory(long bytes) {
        free = bytes;
    }

    /** Returns the bytes needed to cache the features of one image. */
    static long bytes(int length) {
        return (long) length * Float.BYTES + OVERHEAD;
    }

    /** Reserves memory for the features of one image; returns false if none is left. */
    boolean take(int length) {
        long needed = bytes(length);
        if (needed > free) {
            return false;
        }
        free -= needed;
        return true;
    }
}
