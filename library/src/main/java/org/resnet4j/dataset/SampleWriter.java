package org.resnet4j.dataset;

import org.resnet4j.image.Image;

/** Turns a decoded image into its place in a batch. Safe for many threads at once. */
interface SampleWriter {
    /** The side of the square that is written, in pixels. */
    int imageSize();

    /** The number of channels that are written: 1 or 3. */
    int channels();

    /**
     * Writes {@code [imageSize, imageSize, channels]} floats.
     *
     * @param epoch the epoch's number
     * @param index the sample's index in its dataset
     */
    void write(Image image, int epoch, int index, float[] out, int offset);
}
