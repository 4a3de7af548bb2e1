package org.resnet4j;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Thrown if another run is writing to an output folder.
 *
 * @since 0.1.0
 */
public final class FolderInUseException extends IOException {
    private static final long serialVersionUID = 1L;

    FolderInUseException(Path folder) {
        super("another run is writing to " + folder + "; wait until it ends or choose another folder");
    }
}
