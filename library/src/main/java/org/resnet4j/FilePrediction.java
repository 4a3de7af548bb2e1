package org.resnet4j;

import java.nio.file.Path;
import org.resnet4j.image.file.UnreadableImageException;

/**
 * The result for one of many picture files.
 *
 * @since 0.1.0
 */
public sealed interface FilePrediction {
    /** Returns the file as the caller passed it. */
    Path file();

    /**
     * The result for a picture that was read.
     *
     * @param prediction the classifier's prediction
     */
    record Answer(Path file, Prediction prediction) implements FilePrediction {}

    /**
     * The result for a file that is not a readable picture.
     *
     * @param problem the reason
     */
    record Unreadable(Path file, UnreadableImageException problem) implements FilePrediction {}
}
