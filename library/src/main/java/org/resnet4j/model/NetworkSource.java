package org.resnet4j.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.resnet4j.resnet.ResNet;

/**
 * Source of a classifier's network, read for each compilation.
 *
 * @since 0.1.0
 */
public interface NetworkSource {
    /**
     * Returns the network for one compilation.
     *
     * @throws UncheckedIOException if it cannot be read; also from the network's parameters
     */
    ResNet network();

    /**
     * Checks that the returned network is intact.
     *
     * @throws UncheckedIOException if its file was changed
     */
    default void check() {}

    /** Releases the source; no network is requested after this. */
    default void close() throws IOException {}
}
