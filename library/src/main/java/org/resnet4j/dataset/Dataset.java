package org.resnet4j.dataset;

import java.io.IOException;
import java.util.List;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.Picture;

/** Labelled images by index. Safe for many threads at once. */
public interface Dataset extends AutoCloseable {
    /** How many samples. */
    int size();

    /** The class names; a sample's label is an index into this list. */
    List<String> classes();

    /** The label of a sample, without decoding its image. */
    int label(int index);

    /**
     * The decoded image of a sample.
     *
     * @throws IOException if it cannot be read; the message names the file and the reason
     */
    Image image(int index) throws IOException;

    /**
     * The image of a sample, which need not be decoded yet.
     *
     * @throws IOException if it cannot be read; the message names the file and the reason
     */
    default Picture picture(int index) throws IOException {
        return Picture.of(image(index));
    }

    /** Where a sample comes from, for messages: {@code cat/0001.jpg} or {@code data_batch_1.bin#17}. */
    String origin(int index);

    /**
     * A number that tells the content of a sample from other content, without decoding it: of its size, and of as much of its
     * bytes as costs little. 0 where the origin says all.
     */
    default long contentCode(int index) {
        return 0;
    }

    /** Closes the files behind it. */
    @Override
    default void close() throws IOException {}
}
