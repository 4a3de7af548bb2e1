package org.resnet4j.kernel.vector.winograd;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The transforms of Winograd's minimal filtering F(m x m, 3x3): {@code y = Aᵀ [ (G w Gᵀ) ⊙ (Bᵀ x B) ] A} for a tile of m·m
 * output pixels.
 */
public interface WinogradTransform {
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

    /**
     * {@code Bᵀ x B} for {@code count} vectors of channels: those of one tile, or one of each tile of a run.
     *
     * @param x the pixels that vector i sees: {@code pixel} floats apart, rows {@code rowFloats} apart, from
     *     {@code from + i·step}
     * @param target place j of vector i at {@code to + i·targetStep + j·place}
     */
    void input(
            float[] x,
            int from,
            int step,
            int count,
            int rowFloats,
            int pixel,
            float[] target,
            int to,
            int targetStep,
            int place);

    /**
     * {@code y = max(least, Aᵀ m A + bias (+ y))} for {@code count} vectors of channels, of whole tiles.
     *
     * @param m place j of vector i at {@code from + i·step + j·place}
     * @param y the output pixels of vector i: {@code pixel} floats apart, rows {@code rowFloats} apart, from
     *     {@code to + i·targetStep}
     * @param bias of vector i from {@code biasAt + i·biasStep}
     * @param add whether what {@code y} held belongs to the sum
     * @param least zero for ReLU, minus infinity for no activation
     */
    void output(
            float[] m,
            int from,
            int step,
            int count,
            int place,
            float[] y,
            int to,
            int targetStep,
            int rowFloats,
            int pixel,
            float[] bias,
            int biasAt,
            int biasStep,
            boolean add,
            float least);
}
