package org.resnet4j.tensor;

import java.util.Locale;

/** Thrown before an allocation that exceeds the maximum heap size; the message gives both sizes. */
public final class HeapTooSmallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final double MEGABYTE = 1 << 20;

    private HeapTooSmallException(String what, long bytes, long most) {
        super(String.format(
                Locale.ROOT,
                "%s takes %.0f MB at least, and the heap of this JVM may have %.0f MB: take smaller or fewer images,"
                        + " or allow more memory with the JVM's option -Xmx",
                what,
                bytes / MEGABYTE,
                most / MEGABYTE));
    }

    /**
     * Checks that arrays of floats can be made.
     *
     * @param what they are for: {@code "predicting with images of 10000x10000 pixels"}
     * @param floats in all arrays; may be more than one array can hold
     * @throws HeapTooSmallException if they are larger than the heap may become
     */
    public static void check(String what, long floats) {
        long most = Runtime.getRuntime().maxMemory();
        if (floats > most / Float.BYTES) {
            throw new HeapTooSmallException(what, Math.multiplyExact(floats, Float.BYTES), most);
        }
    }
}
