package org.resnet4j.layer;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.MapKernels;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.tensor.Tensor.Format;

/**
 * The kernels and threads of a computation, and a pool of buffers, so that a repeated step soon allocates nothing. A
 * workspace may be used by one thread at a time.
 */
public final class Workspace {
    /** The smallest share of a buffer that a request must fill to be served by it; below, memory would be wasted. */
    private static final double SMALLEST_SHARE = 0.5;

    private final Compute compute;
    private final NavigableMap<Integer, List<float[]>> released = new TreeMap<>();
    /** The number of holders of each shared buffer, minus one. */
    private final IdentityHashMap<float[], Integer> sharers = new IdentityHashMap<>();

    private long allocatedBytes;

    /**
     * Creates a workspace without buffers.
     *
     * @param compute the kernels and threads; stays the caller's to close
     */
    public Workspace(Compute compute) {
        this.compute = compute;
    }

    /** Returns the kernels and threads. */
    public Compute compute() {
        return compute;
    }

    /** Returns the total size in bytes of all buffers allocated so far, lent or released. */
    public long allocatedBytes() {
        return allocatedBytes;
    }

    /** Returns the kernels for a feature map's format. */
    public MapKernels kernels(Tensor map) {
        return compute.kernels(map.format());
    }

    /** Returns the threads. */
    public Workers workers() {
        return compute.workers();
    }

    /** Lends a buffer of this shape in float32; its contents are undefined. */
    public Tensor acquire(Shape shape) {
        return acquire(shape, Format.FLOAT32);
    }

    /** Lends a buffer of this shape and format; its contents are undefined. */
    public Tensor acquire(Shape shape, Format format) {
        int size = format.floats(shape);
        var entry = released.ceilingEntry(size);
        if (entry != null && size >= entry.getKey() * SMALLEST_SHARE) {
            List<float[]> buffers = entry.getValue();
            float[] buffer = buffers.removeLast();
            if (buffers.isEmpty()) {
                released.remove(entry.getKey());
            }
            return Tensor.wrap(buffer, shape, format);
        }
        allocatedBytes += (long) size * Float.BYTES;
        return Tensor.wrap(new float[size], shape, format);
    }

    /** Lends a buffer that contains the elements of a tensor. */
    public Tensor acquireCopy(Tensor tensor) {
        Tensor copy = acquire(tensor.shape(), tensor.format());
        System.arraycopy(tensor.storage(), 0, copy.storage(), 0, tensor.format().floats(tensor.shape()));
        return copy;
    }

    /** Returns a tensor of a format: the argument itself, or a lent buffer with its elements. */
    public Tensor in(Format format, Tensor tensor) {
        if (tensor.format() == format) {
            return tensor;
        }
        Tensor converted = acquire(tensor.shape(), format);
        compute.convert(tensor, converted);
        return converted;
    }

    /** Exchanges a lent buffer for one in another format, if necessary. */
    public Tensor exchange(Tensor tensor, Format format) {
        Tensor converted = in(format, tensor);
        releaseUnlessSame(tensor, converted);
        return converted;
    }

    /** Adds a holder to a lent buffer. Each holder must release it, and none may write to it while another holds it. */
    public Tensor share(Tensor tensor) {
        sharers.merge(tensor.storage(), 1, Integer::sum);
        return tensor;
    }

    /** Returns true if a buffer has another holder. */
    public boolean isShared(Tensor tensor) {
        return sharers.containsKey(tensor.storage());
    }

    /** Takes a lent buffer back from a holder, who must not use it any longer. */
    public void release(Tensor tensor) {
        float[] buffer = tensor.storage();
        if (sharers.containsKey(buffer)) {
            sharers.computeIfPresent(buffer, (shared, others) -> others == 1 ? null : others - 1);
            return;
        }
        List<float[]> buffers = released.computeIfAbsent(buffer.length, length -> new ArrayList<>());
        assert !isIn(buffers, buffer) : "a buffer of " + tensor + " was released twice";
        buffers.add(buffer);
    }

    /** Takes a lent buffer back, unless a layer passed it on as its result. */
    @SuppressWarnings("ReferenceEquality") // a layer that changes nothing returns its argument
    public void releaseUnlessSame(Tensor tensor, Tensor result) {
        if (tensor != result) {
            release(tensor);
        }
    }

    @SuppressWarnings("ReferenceEquality") // compares identity, not elements
    private static boolean isIn(List<float[]> buffers, float[] buffer) {
        for (float[] known : buffers) {
            if (known == buffer) {
                return true;
            }
        }
        return false;
    }
}
