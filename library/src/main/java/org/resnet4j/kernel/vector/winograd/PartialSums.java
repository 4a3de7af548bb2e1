package org.resnet4j.kernel.vector.winograd;

import java.util.Arrays;
import org.resnet4j.kernel.product.PanelSums;
import org.resnet4j.parallel.Workers;

/**
 * Sums over pixels that are computed for each chunk and then added to the result in the order of the chunks, so the
 * bits do not depend on the assignment of chunks to threads. A single chunk adds to the result directly.
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

    /** Returns the array in which chunks sum. */
    float[] array() {
        return sums;
    }

    /** Returns the start of a chunk's sums. */
    int start(int chunk) {
        return chunk * size;
    }

    /**
     * Sets part of a chunk's sums to zero, unless the chunk adds to the result directly.
     *
     * @param first the start of the part, within the chunk
     * @param columns the floats of each row of the part
     * @param rows the number of rows, {@code rowFloats} apart
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
