package org.resnet4j.kernel.vector.winograd;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The transforms of Winograd's minimal filtering F(m x m, 3x3): {@code y = Aᵀ [ (G w Gᵀ) ⊙ (Bᵀ x B) ] A} for a tile of
 * m·m output pixels.
 */
public interface WinogradTransform extends WinogradPasses {
    /** Returns the display name of the algorithm. */
    String algorithm();

    /** Returns m. */
    int outputs();

    /** Returns the distance between output pixels, in pixels of the input. */
    default int stride() {
        return 1;
    }

    /** Returns the side of the square of input pixels of a tile. */
    default int inputs() {
        return (outputs() - 1) * stride() + 3;
    }

    /** Returns the distinct rows of G, {@code [·][3]}. */
    double[][] weightMatrix();

    /**
     * Returns the index in {@link #weightMatrix} of each row of G. The transformed tile has as many rows and columns as
     * G has rows.
     */
    default int[] weightRows() {
        return IntStream.range(0, weightMatrix().length).toArray();
    }

    /**
     * Returns the minimum number of outputs in a tile, in one direction, for which the products of each row of G are
     * needed. Those of the last point contribute only to the last output, which a tile at the edge of the image may
     * lack.
     */
    int[] leastOutputs();

    /** Returns the number of products of a row of {@code extent} outputs, in one direction. */
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
