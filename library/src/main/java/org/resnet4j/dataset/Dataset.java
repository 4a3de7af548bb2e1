package org.resnet4j.dataset;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.Picture;

/**
 * Labeled images by index. Thread-safe.
 *
 * @since 0.1.0
 */
public interface Dataset extends AutoCloseable {
    /** Returns the number of samples. */
    int size();

    /** Returns the class names; the label of a sample is an index into this list. */
    List<String> classes();

    /** Returns the label of a sample without decoding its image. */
    int label(int index);

    /**
     * Returns the decoded image of a sample.
     *
     * @throws IOException if it cannot be read; the message names the file and the reason
     */
    Image image(int index) throws IOException;

    /**
     * Returns the picture of a sample, whose decoding may be deferred.
     *
     * @throws IOException if it cannot be read; the message names the file and the reason
     */
    default Picture picture(int index) throws IOException {
        return Picture.of(image(index));
    }

    /** Returns the origin of a sample, for messages: {@code cat/0001.jpg} or {@code data_batch_1.bin#17}. */
    String origin(int index);

    /**
     * Returns a fingerprint of the content of a sample without decoding it: of its size, and of as many of its bytes as
     * can be read cheaply. Returns 0 if the origin alone identifies the content.
     */
    default long contentCode(int index) {
        return 0;
    }

    /**
     * Returns the encoded bytes of a sample, or its pixels if it is stored without encoding.
     *
     * @throws IOException if they cannot be read
     */
    default byte[] content(int index) throws IOException {
        return image(index).samples();
    }

    /**
     * Returns the pictures of the source that are not samples because they cannot be read, such as those of a format
     * without a decoder.
     */
    default SkippedSamples passedOver() {
        return SkippedSamples.NONE;
    }

    /**
     * Returns the part of its source that this dataset is, for messages: {@code validation part 'val'}. Empty if it is
     * the whole source, or if that is unknown.
     */
    default Optional<String> part() {
        return Optional.empty();
    }

    /** Closes the underlying files. */
    @Override
    default void close() throws IOException {}
}
