package org.resnet4j.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Thrown when a checkpoint belongs to a run with other settings.
 *
 * @since 0.1.0
 */
public final class CheckpointMismatchException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param differences one description for each setting that differs: {@code "seed was 1 and is 2"}
     */
    public CheckpointMismatchException(Path file, List<String> differences) {
        super("cannot resume from " + file + ", it belongs to a run with other settings: "
                + String.join("; ", differences));
    }
}
