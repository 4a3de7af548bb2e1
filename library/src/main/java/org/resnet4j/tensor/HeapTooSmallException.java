package org.resnet4j.tensor;

import java.util.Locale;

/**
 * Thrown before an allocation that exceeds the maximum heap size. The message states both sizes.
 *
 * @since 0.1.0
 */
public final class HeapTooSmallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final double MEGABYTE = 1 << 20;

    private HeapTooSmallException(String what, long bytes, long most) {
        super(String.format(
                Locale.ROOT,
                "%s takes at least %.0f MB, but the heap of this JVM is limited to %.0f MB: use smaller or fewer"
                        + " images, or allow more memory with the JVM's option -Xmx",
                what,
                bytes / MEGABYTE,
                most / MEGABYTE));
    }

    /**
     * Checks that arrays of floats fit the heap.
     *
     * @param what their purpose: {@code "predicting with images of 10000x10000 pixels"}
     * @param floats the number of floats in all arrays; may exceed the maximum length of an array
     * @throws HeapTooSmallException if they exceed the maximum heap size
     */
    public static void check(String what, long floats) {
        long most = Runtime.getRuntime().maxMemory();
        if (floats > most / Float.BYTES) {
            throw new HeapTooSmallException(what, Math.multiplyExact(floats, Float.BYTES), most);
        }
    }
}
