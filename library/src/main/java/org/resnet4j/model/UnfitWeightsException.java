package org.resnet4j.model;

import java.io.IOException;

/**
 * Thrown if weights do not fit the network that is to start from them, or the class names that they are to have.
 *
 * @since 0.1.0
 */
public final class UnfitWeightsException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String file;

    /**
     * @param file name of the weights
     * @param reason continuation of that name: {@code "does not fit resnet20: ..."}
     */
    UnfitWeightsException(String file, String reason) {
        super(file + " " + reason);
        this.file = file;
    }

    /** Returns the name of the weights, as the caller passed it. */
    public String file() {
        return file;
    }
}
