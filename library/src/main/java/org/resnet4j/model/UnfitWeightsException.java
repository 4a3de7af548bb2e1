package org.resnet4j.model;

import java.io.IOException;

/**
 * Weights do not fit the network that is to start from them.
 *
 * @since 0.1.0
 */
public final class UnfitWeightsException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String file;

    /** {@code reason} continues the name of the weights: {@code "does not fit resnet20: ..."}. */
    UnfitWeightsException(String file, String reason) {
        super(file + " " + reason);
        this.file = file;
    }

    /** Returns the weights, as they were named by whoever asked for them. */
    public String file() {
        return file;
    }
}
