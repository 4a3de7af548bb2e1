package org.resnet4j.resnet;

import java.io.Serializable;

/**
 * The description of a network's first layers.
 *
 * @param kind the kind of stem
 * @param width the number of output channels
 * @since 0.1.0
 */
public record StemSpec(Stem kind, int width) implements Serializable {
    public StemSpec {
        if (kind == Stem.DEEP && width % 2 != 0) {
            throw new IllegalArgumentException(
                    "a deep stem begins with half of its " + width + " channels, so their number must be even");
        }
    }
}
