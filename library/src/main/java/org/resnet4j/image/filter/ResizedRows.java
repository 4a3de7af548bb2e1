package org.resnet4j.image.filter;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.resnet4j.image.sample.PixelRows;
import org.resnet4j.image.sample.Pixels;
import org.resnet4j.image.sample.Region;
import org.resnet4j.kernel.FilterTaps;
import org.resnet4j.kernel.PixelKernel;
import org.resnet4j.kernel.lookup.KernelLookup;

/**
 * A picture that is resized while its rows arrive, with the bits of Pillow's {@code Image.resize}: first along the rows,
 * then along the columns, each rounded to 8 bits. Only sums of the target rows that the current row contributes to are
 * kept.
 *
 * <p>A stored picture may lie on its side. Then its columns are the upright picture's rows and are filtered first, and
 * the target is written in the upright order.
 */
public final class ResizedRows implements PixelRows {
    /**
     * The turn that makes a stored picture upright.
     *
     * @param swapped true if rows of the stored picture are columns of the upright one
     * @param mirroredX true if the upright picture starts at the last stored column
     * @param mirroredY true if the upright picture starts at the last stored row
     */
    public record Turn(boolean swapped, boolean mirroredX, boolean mirroredY) {
        public static final Turn NONE = new Turn(false, false, false);
    }

    private final PixelKernel kernel = KernelLookup.pixels();
    private final Region region;
    private final FilterTaps columns;
    private final FilterTaps rows;
    private final boolean rowsFirst;
    private final int channels;
    private final byte[] samples;

    /** The position of the first target, and the distances of its neighbors to the right and below as stored. */
    private final int origin;

    private final int stepX;
    private final int stepY;

    /** The sums of the targets that are not finished, by plane; and sums that are free, all zeros. */
    private final int[] @Nullable [] @Nullable [] sums;

    private final ArrayDeque<int[][]> free = new ArrayDeque<>();

    /** The current row, filtered along itself; and a finished one. */
    private final byte[][] narrowed;

    private final byte[][] finished;

    /** The number of rows that have arrived, and the first target row that is not finished. */
    private int arrived;

    private int open;

    /**
     * Creates a target.
     *
     * @param across the columns of the upright picture
     * @param down the rows of the upright picture
     * @param channels 3, or 1 to make the picture gray before it is resized
     */
    public ResizedRows(Taps.Range across, Taps.Range down, Taps.Filter filter, Turn turn, int channels) {
        FilterTaps alongX = taps(turn.swapped() ? down : across, filter, turn.mirroredX());
        FilterTaps alongY = taps(turn.swapped() ? across : down, filter, turn.mirroredY());
        region = new Region(
                alongX.lowest(),
                alongY.lowest(),
                alongX.highest() - alongX.lowest(),
                alongY.highest() - alongY.lowest());
        columns = alongX.shifted(region.x());
        rows = alongY.shifted(region.y());
        rowsFirst = turn.swapped();
        this.channels = channels;
        samples = new byte[Math.multiplyExact(Math.multiplyExact(columns.size(), rows.size()), channels)];
        int lineX = turn.swapped() ? rows.size() * channels : channels;
        int lineY = turn.swapped() ? channels : columns.size() * channels;
        origin = (turn.mirroredX() ? (columns.size() - 1) * lineX : 0)
                + (turn.mirroredY() ? (rows.size() - 1) * lineY : 0);
        stepX = turn.mirroredX() ? -lineX : lineX;
        stepY = turn.mirroredY() ? -lineY : lineY;
        sums = new int[rows.size()][][];
        narrowed = new byte[channels][(rowsFirst ? region.width() : columns.size()) + PADDING];
        finished = new byte[channels][narrowed[0].length];
    }

    private static FilterTaps taps(Taps.Range range, Taps.Filter filter, boolean mirrored) {
        FilterTaps taps = Taps.of(range, filter);
        return mirrored ? taps.mirrored(range.sourceSize()) : taps;
    }

    /** Returns the part of the stored picture whose rows this target expects. */
    public Region region() {
        return region;
    }

    @Override
    public void next(byte[][] planes) {
        if (channels < planes.length) {
            Pixels.lumas(planes[0], planes[1], planes[2], region.width());
        }
        int used = Math.min(channels, planes.length);
        if (!rowsFirst) {
            for (int c = 0; c < used; c++) {
                kernel.filter(planes[c], 0, columns, narrowed[c], 0, 1);
            }
        }
        byte[][] row = rowsFirst ? planes : narrowed;
        int[] first = rows.first();
        int[] count = rows.count();
        for (int target = open; target < first.length && first[target] <= arrived; target++) {
            int tap = arrived - first[target];
            if (tap < count[target]) {
                add(row, used, target, rows.weights()[target * rows.stride() + tap]);
            }
            if (tap == count[target] - 1) {
                finish(target, used);
            }
        }
        while (open < first.length && first[open] + count[open] - 1 <= arrived) {
            open++;
        }
        arrived++;
    }

    private int width() {
        return rowsFirst ? region.width() : columns.size();
    }

    private void add(byte[][] row, int planes, int target, int weight) {
        int[][] targetSums = sums[target];
        if (targetSums == null) {
            targetSums = free.isEmpty() ? new int[planes][width() + PADDING] : free.pop();
            sums[target] = targetSums;
        }
        for (int c = 0; c < planes; c++) {
            kernel.addRow(row[c], 0, weight, targetSums[c], width());
        }
    }

    private void finish(int target, int planes) {
        int[][] targetSums = sums[target];
        sums[target] = null;
        for (int c = 0; c < planes; c++) {
            kernel.finish(targetSums[c], finished[c], width());
        }
        for (int c = 0; c < channels; c++) {
            write(finished[Math.min(c, planes - 1)], origin + target * stepY + c);
        }
        free.push(targetSums);
    }

    private void write(byte[] row, int at) {
        if (rowsFirst) {
            kernel.filter(row, 0, columns, samples, at, stepX);
        } else {
            for (int i = 0, to = at; i < columns.size(); i++, to += stepX) {
                samples[to] = row[i];
            }
        }
    }

    /**
     * Returns the samples of the upright picture, channels interleaved.
     *
     * @throws IllegalStateException if rows are missing
     */
    public byte[] samples() {
        if (open < rows.size()) {
            throw new IllegalStateException("only " + arrived + " of " + region.height() + " rows have arrived");
        }
        return samples;
    }
}
