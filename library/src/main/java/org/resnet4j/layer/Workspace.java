package org.resnet4j.layer;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.resnet4j.compute.Compute;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * The arithmetic of a computation, and a pool of buffers, so that a repeated step soon allocates nothing. For use by one thread
 * at a time.
 */
public final class Workspace {
    /** A released buffer serves a smaller request down to this share of its length; below, memory would be wasted. */
    private static final double SMALLEST_SHARE = 0.5;

    private final Compute compute;
    private final NavigableMap<Integer, List<float[]>> released = new TreeMap<>();
    /** The holders of shared buffers, one not counted. */
    private final IdentityHashMap<float[], Integer> sharers = new IdentityHashMap<>();

    private long allocatedBytes;

    /**
     * Creates a workspace without buffers.
     *
     * @param compute stays the caller's to close
     */
    public Workspace(Compute compute) {
        this.compute = compute;
    }

    /** Returns the arithmetic. */
    public Compute compute() {
        return compute;
    }

    /** Returns the bytes of all buffers allocated so far, lent or released. */
    public long allocatedBytes() {
        return allocatedBytes;
    }

    /** Lends a buffer of this shape; its contents are undefined. */
    public Tensor acquire(Shape shape) {
        int size = shape.size();
        var entry = released.ceilingEntry(size);
        if (entry != null && size >= entry.getKey() * SMALLEST_SHARE) {
            List<float[]> buffers = entry.getValue();
            float[] buffer = buffers.removeLast();
            if (buffers.isEmpty()) {
                released.remove(entry.getKey());
            }
            return Tensor.wrap(buffer, shape);
        }
        allocatedBytes += (long) size * Float.BYTES;
        return Tensor.zeros(shape);
    }

    /** Lends a buffer with the elements of a tensor. */
    public Tensor acquireCopy(Tensor tensor) {
        Tensor copy = acquire(tensor.shape());
        System.arraycopy(tensor.array(), 0, copy.array(), 0, copy.size());
        return copy;
    }

    /** Lends a buffer to one more holder. Each holder releases it; none writes to it while another holds it. */
    public Tensor share(Tensor tensor) {
        sharers.merge(tensor.array(), 1, Integer::sum);
        return tensor;
    }

    /** Returns true if a buffer has another holder. */
    public boolean isShared(Tensor tensor) {
        return sharers.containsKey(tensor.array());
    }

    /** Takes a lent buffer back from a holder, who must not use it anymore. */
    public void release(Tensor tensor) {
        float[] buffer = tensor.array();
        if (sharers.containsKey(buffer)) {
            sharers.computeIfPresent(buffer, (shared, others) -> others == 1 ? null : others - 1);
            return;
        }
        List<float[]> buffers = released.computeIfAbsent(buffer.length, length -> new ArrayList<>());
        assert !isIn(buffers, buffer) : "a buffer of " + tensor + " was released twice";
        buffers.add(buffer);
    }

    @SuppressWarnings("ReferenceEquality") // the same array, not one with the same numbers
    private static boolean isIn(List<float[]> buffers, float[] buffer) {
        for (float[] known : buffers) {
            if (known == buffer) {
                return true;
            }
        }
        return false;
    }
}
