package org.resnet4j.server.model;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Arrays for the images of requests, used again and again. Images that wait in a queue outlive several collections of
 * garbage; as garbage, they would fill the old generation of the heap. Thread-safe.
 */
public final class ImageArrays {
    private final int length;
    private final BlockingQueue<float[]> free;

    /**
     * @param length the number of floats of an image
     * @param most the largest number of arrays that are kept
     */
    ImageArrays(int length, int most) {
        this.length = length;
        free = new ArrayBlockingQueue<>(most);
    }

    /** Returns an array with the values of an earlier image, or zeros. */
    public float[] borrow() {
        float[] array = free.poll();
        return array == null ? new float[length] : array;
    }

    /** Takes an array back that nobody reads any longer. One of another length is left to the collector. */
    public void giveBack(float[] array) {
        if (array.length == length) {
            free.offer(array);
        }
    }
}
