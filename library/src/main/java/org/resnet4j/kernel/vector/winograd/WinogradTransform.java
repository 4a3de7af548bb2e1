package org.resnet4j.kernel.vector.winograd;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The transforms of Winograd's minimal filtering F(m x m, 3x3): {@code y = Aᵀ [ (G w Gᵀ) ⊙ (Bᵀ x B) ] A} for a tile of m·m
 * output pixels.
 */
public interface WinogradTransform extends WinogradPasses {
    /** For people. */
    String algorithm();

    /** m. */
    int outputs();

    /** From one output pixel to the next, in pixels of the input. */
    default int stride() {
        return 1;
    }

    /** The input pixels that a tile sees are a square of so many on a side. */
    default int inputs() {
        return (outputs() - 1) * stride() + 3;
    }

    /** The rows of G that differ, {@code [·][3]}. */
    double[][] weightMatrix();

    /** For each row of G which of {@link #weightMatrix} it is; the transformed tile has as many rows and columns. */
    default int[] weightRows() {
        return IntStream.range(0, weightMatrix().length).toArray();
    }

    /**
     * For each row of G how many outputs a tile must have in that direction for its products to matter: those of the last
     * point go into the last output alone, and a tile at the edge of the image may not have it.
     */
    int[] leastOutputs();

    /** How many products a row of so many outputs takes, in this direction. */
    default int products(int extent) {
        int products = 0;
        for (int at = 0; at < extent; at += outputs()) {
            int left = extent - at;
            products += (int)
                    Arrays.stream(leastOutputs()).filter(least -> least <= left).count();
        }
        return products;
    }
}
