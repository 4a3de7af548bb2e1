package org.resnet4j.kernel.vector.winograd;

import java.util.Arrays;
import org.resnet4j.kernel.vector.product.PanelSums;
import org.resnet4j.parallel.Workers;

/**
 * Sums over pixels that are taken chunk by chunk, each on its own, and then added to the result in the order of the chunks:
 * the bits do not depend on which thread took which chunk. A single chunk sums into the result itself.
 */
final class PartialSums {
    private static final int FEWEST_FLOATS = 4096;
    private static final int MOST_PIECES = 16;

    private final int chunks;
    private final int size;
    private final float[] result;
    private final float[] sums;

    PartialSums(int chunks, int size, float[] result, Workers workers) {
        this.chunks = chunks;
        this.size = size;
        this.result = result;
        this.sums = chunks == 1 ? result : workers.shared().get(PanelSums.SUMS, Math.multiplyExact(chunks, size));
    }

    /** Where chunks sum. */
    float[] array() {
        return sums;
    }

    /** Where the sums of a chunk begin. */
    int start(int chunk) {
        return chunk * size;
    }

    /**
     * Sets part of a chunk's sums to zero, unless the chunk adds to the result itself.
     *
     * @param first where the part begins, within the chunk
     * @param columns floats of each row of the part
     * @param rows how many rows, {@code rowFloats} apart
     */
    void clear(int chunk, int first, int columns, int rows, int rowFloats) {
        if (chunks > 1) {
            for (int row = 0; row < rows; row++) {
                int at = start(chunk) + first + row * rowFloats;
                Arrays.fill(sums, at, at + columns, 0f);
            }
        }
    }

    /** Adds the sums of all chunks to the result. */
    void add(Workers workers) {
        if (chunks == 1) {
            return;
        }
        int pieces = Math.clamp(size / FEWEST_FLOATS, 1, MOST_PIECES);
        workers.run(pieces, (piece, scratch) -> {
            int from = (int) ((long) piece * size / pieces);
            int to = (int) ((long) (piece + 1) * size / pieces);
            for (int chunk = 0; chunk < chunks; chunk++) {
                int at = chunk * size;
                for (int i = from; i < to; i++) {
                    result[i] += sums[at + i];
                }
            }
        });
    }
}
