package org.resnet4j.dataset.augment;

import java.io.IOException;
import org.resnet4j.image.file.Picture;

/** A writer of a picture to its position in a batch. Thread-safe. */
public interface SampleWriter {
    /** Returns the side of the written square, in pixels. */
    int imageSize();

    /** Returns the number of written channels: 1 or 3. */
    int channels();

    /**
     * Writes {@code [imageSize, imageSize, channels]} floats.
     *
     * @param epoch the number of the epoch
     * @param index the index of the sample in its dataset
     * @throws IOException if the picture cannot be decoded; the message names the file and the reason
     */
    void write(Picture picture, int epoch, int index, float[] out, int offset) throws IOException;
}
