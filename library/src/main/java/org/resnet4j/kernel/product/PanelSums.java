package org.resnet4j.kernel.product;

import java.util.Arrays;
import org.resnet4j.kernel.product.Panels.Panel;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/**
 * Sums over pixels for the weight gradient. They are computed for each chunk and then added to the result in the order
 * of the chunks, so the bits do not depend on the assignment of chunks to threads. A chunk stores the sums of a panel
 * together, because rows of the result that are a power of two apart would map to the same cache lines. A single chunk
 * adds to the result directly.
 */
public final class PanelSums {
    /**
     * The sums of all chunks. Shared with Winograd's weight gradient, because only one of the two runs at a time and
     * the array is large.
     */
    public static final Scratch.Floats SUMS = new Scratch.Floats();

    /** Rows of a panel that are added as one piece. */
    private static final int ROWS = 64;

    private final int chunks;
    private final Panels panels;
    private final int groups;
    private final int depth;
    private final int out;
    private final float[] result;
    private final float[] sums;

    /**
     * Allocates the sums.
     *
     * @param panels the panels of a group's output channels
     * @param depth the rows of a group's weights
     * @param out the channels of all groups
     * @param result {@code [depth, out]}
     */
    public PanelSums(int chunks, Panels panels, int groups, int depth, int out, float[] result, Workers workers) {
        this.chunks = chunks;
        this.panels = panels;
        this.groups = groups;
        this.depth = depth;
        this.out = out;
        this.result = result;
        this.sums = chunks == 1 ? result : workers.shared().get(SUMS, Math.multiplyExact(chunks, chunkFloats()));
    }

    private int chunkFloats() {
        return Math.multiplyExact(groups, panels.packedSize(depth));
    }

    /** Returns the array in which chunks sum. */
    public float[] array() {
        return sums;
    }

    /** Returns the first channel of a group's panel, among those of all groups. */
    int firstChannel(int group, Panel panel) {
        return group * (out / groups) + panel.first();
    }

    /** Returns the start of a panel's sums. */
    public int start(int chunk, int group, Panel panel) {
        return chunks == 1
                ? firstChannel(group, panel)
                : chunk * chunkFloats() + group * panels.packedSize(depth) + panels.packedOffset(panel, depth);
    }

    /** Returns the distance between two rows of a panel's sums. */
    public int rowFloats(Panel panel) {
        return chunks == 1 ? out : panel.width();
    }

    /** Sets the sums of a panel to zero, unless the chunk adds to the result directly. */
    public void clear(int chunk, int group, Panel panel) {
        if (chunks > 1) {
            int from = start(chunk, group, panel);
            Arrays.fill(sums, from, from + depth * panel.width(), 0f);
        }
    }

    /** Adds the sums of all chunks to the result. */
    public void add(Workers workers) {
        if (chunks == 1) {
            return;
        }
        int blocks = Math.ceilDiv(depth, ROWS);
        workers.run(groups * panels.count() * blocks, (piece, scratch) -> {
            int group = piece / blocks / panels.count();
            Panel panel = panels.get(piece / blocks % panels.count());
            int firstRow = piece % blocks * ROWS;
            int endRow = Math.min(depth, firstRow + ROWS);
            for (int chunk = 0; chunk < chunks; chunk++) {
                for (int row = firstRow; row < endRow; row++) {
                    int from = start(chunk, group, panel) + row * panel.width();
                    int to = row * out + firstChannel(group, panel);
                    for (int n = 0; n < panel.columns(); n++) {
                        result[to + n] += sums[from + n];
                    }
                }
            }
        });
    }
}
