package org.resnet4j.dataset.augment;

import java.io.IOException;
import org.resnet4j.image.file.Picture;

/** Turns a picture into its place in a batch. Safe for many threads at once. */
public interface SampleWriter {
    /** The side of the square that is written, in pixels. */
    int imageSize();

    /** The number of channels that are written: 1 or 3. */
    int channels();

    /**
     * Writes {@code [imageSize, imageSize, channels]} floats.
     *
     * @param epoch the epoch's number
     * @param index the sample's index in its dataset
     * @throws IOException if the picture cannot be decoded; the message names the file and the reason
     */
    void write(Picture picture, int epoch, int index, float[] out, int offset) throws IOException;
}
