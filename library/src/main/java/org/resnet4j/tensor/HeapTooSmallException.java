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

    private HeapTooSmallException(String need, long bytes, long most, String remedy) {
        super(String.format(
                Locale.ROOT,
                "%s %.0f MB, but the heap of this JVM is limited to %.0f MB: %s, or allow more memory with the JVM's"
                        + " option -Xmx",
                need,
                bytes / MEGABYTE,
                most / MEGABYTE,
                remedy));
    }

    /**
     * Checks that what is about to begin fits the heap, by an estimate.
     *
     * @param what it: {@code "training resnet50 on batches of 64 images of 224x224 pixels"}
     * @param bytes the bytes that it takes
     * @param remedy what else helps than a larger heap: {@code "use batches of up to 32 images"}
     * @throws HeapTooSmallException if the bytes exceed the maximum heap size
     */
    public static void checkEstimate(String what, long bytes, String remedy) {
        long most = Runtime.getRuntime().maxMemory();
        if (bytes > most) {
            throw new HeapTooSmallException(what + " takes about", bytes, most, remedy);
        }
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
            throw new HeapTooSmallException(
                    what + " takes at least",
                    Math.multiplyExact(floats, Float.BYTES),
                    most,
                    "use smaller or fewer images");
        }
    }
}
