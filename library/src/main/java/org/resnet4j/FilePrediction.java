package org.resnet4j;

import java.nio.file.Path;
import org.resnet4j.image.file.UnreadableImageException;

/**
 * The result of one picture file among many.
 *
 * @since 0.1.0
 */
public sealed interface FilePrediction {
    /** The file, as it was given. */
    Path file();

    /**
     * The picture was read.
     *
     * @param prediction what the classifier says of it
     */
    record Answer(Path file, Prediction prediction) implements FilePrediction {}

    /**
     * The file is no picture that can be read.
     *
     * @param problem says why
     */
    record Unreadable(Path file, UnreadableImageException problem) implements FilePrediction {}
}
