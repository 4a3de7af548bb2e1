package org.resnet4j.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.resnet4j.resnet.ResNet;

/**
 * Where a classifier gets its network from, each time it compiles it.
 *
 * @since 0.1.0
 */
public interface NetworkSource {
    /**
     * The network, for one compilation.
     *
     * @throws UncheckedIOException if it cannot be read; also from the network's parameters
     */
    ResNet network();

    /**
     * Checks that the network that was given is whole.
     *
     * @throws UncheckedIOException if its file was changed
     */
    default void check() {}

    /** No network is asked for any more. */
    default void close() throws IOException {}
}
