package org.resnet4j.spark.exchange;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.shard.ShardSum;

/**
 * The division of a sum into chunks, each the payload of a frame. All tensors, and after them the totals, are one
 * sequence of elements; chunks have the same number of elements, except the last. The division depends only on the
 * sizes and the number of ways, and so is the same on all ranks.
 */
final class Packing {
    /**
     * The most elements of a chunk. Its 256 KiB of floats stay in the second-level cache between the system call and the
     * addition. From 128 KiB to 512 KiB the times on loopback differ less than from run to run.
     */
    static final int MOST_ELEMENTS = 64 * 1024;

    /** The most bytes of a chunk, reached if it holds totals only. */
    static final int MOST_BYTES = MOST_ELEMENTS * Double.BYTES;

    /** The fewest elements of a chunk that are worth a frame of their own, to use one way more. */
    private static final int FEWEST_ELEMENTS = 4 * 1024;

    private final int[] sizes;
    private final int totals;
    private final long floats;
    private final List<List<Slice>> chunks = new ArrayList<>();

    /** Divides a sum into chunks, as many as there are ways or a multiple, if they are large enough. */
    Packing(ShardSum sum, int ways) {
        sizes = sizes(sum);
        totals = sum.totals().length;
        long count = 0;
        for (int size : sizes) {
            count += size;
        }
        floats = count;
        long elements = floats + totals;
        long rounds = (elements + (long) ways * MOST_ELEMENTS - 1) / ((long) ways * MOST_ELEMENTS);
        long number = Math.clamp(elements / FEWEST_ELEMENTS, 1, Math.max(1, rounds * ways));
        long length = (elements + number - 1) / number;
        for (long from = 0; from < elements; from += length) {
            chunks.add(slices(from, Math.min(elements, from + length)));
        }
        if (elements == 0) {
            chunks.add(List.of());
        }
    }

    private static int[] sizes(ShardSum sum) {
        return sum.tensors().stream().mapToInt(Tensor::size).toArray();
    }

    /** Returns the slices of consecutive elements. */
    private List<Slice> slices(long from, long to) {
        var slices = new ArrayList<Slice>();
        long start = 0;
        for (int tensor = 0; tensor < sizes.length && start < to; tensor++) {
            long first = Math.max(from, start);
            long end = Math.min(to, start + sizes[tensor]);
            if (first < end) {
                slices.add(new Slice.Floats(tensor, (int) (first - start), (int) (end - first)));
            }
            start += sizes[tensor];
        }
        if (to > floats) {
            long first = Math.max(from, floats);
            slices.add(new Slice.Totals((int) (first - floats), (int) (to - first)));
        }
        return List.copyOf(slices);
    }

    /** Returns true if a sum has the sizes of the one that was divided. */
    boolean fits(ShardSum sum) {
        if (sum.tensors().size() != sizes.length || sum.totals().length != totals) {
            return false;
        }
        for (int i = 0; i < sizes.length; i++) {
            if (sum.tensors().get(i).size() != sizes[i]) {
                return false;
            }
        }
        return true;
    }

    /** Returns the number of elements of all tensors. */
    long floats() {
        return floats;
    }

    /** Returns the number of totals. */
    int totals() {
        return totals;
    }

    /** Returns the number of chunks. A sum without elements has one, so that ranks meet in it as in any other. */
    int chunks() {
        return chunks.size();
    }

    /** Returns the size of a chunk in a buffer. */
    int bytes(int chunk) {
        return chunks.get(chunk).stream().mapToInt(Slice::bytes).sum();
    }

    void put(int chunk, ShardSum from, ByteBuffer to) {
        chunks.get(chunk).forEach(slice -> slice.put(from, to));
    }

    void get(int chunk, ByteBuffer from, ShardSum to) {
        chunks.get(chunk).forEach(slice -> slice.get(from, to));
    }

    void add(int chunk, ByteBuffer from, ShardSum to) {
        chunks.get(chunk).forEach(slice -> slice.add(from, to));
    }

    void add(int chunk, ShardSum from, ShardSum to) {
        chunks.get(chunk).forEach(slice -> slice.add(from, to));
    }

    void copy(int chunk, ShardSum from, ShardSum to) {
        chunks.get(chunk).forEach(slice -> slice.copy(from, to));
    }
}
