package org.resnet4j.tensor;

import java.util.Arrays;

/**
 * A dense array with a {@link Shape}, row-major: the last axis is contiguous.
 *
 * <p>A tensor is storage, not arithmetic: {@code org.resnet4j.kernel} computes on its array directly. Tensors are in
 * float32, except feature maps inside a training step in bfloat16. The elements are the first {@code shape().size()}
 * floats of the array; the array may be longer when it is a recycled buffer. Tensors are mutable and not synchronized.
 *
 * @since 0.1.0
 */
public final class Tensor {
    /** The number formats of tensors. */
    public enum Format {
        /** 32 bits: IEEE 754 single precision. */
        FLOAT32,
        /**
         * 16 bits: the upper half of a float32 number, which has its range and 8 bits of its precision. Two adjacent
         * elements of the last axis, whose extent is even, share a float of the storage: the first is the lower half of its
         * bits.
         */
        BFLOAT16;

        /** Returns the number of floats of storage for a tensor. */
        public int floats(Shape shape) {
            return this == FLOAT32 ? shape.size() : Math.ceilDiv(shape.size(), 2);
        }

        /** Returns the format in which a result of one format is computed from an argument of another: the wider one. */
        public static Format common(Format argument, Format result) {
            return argument == result ? argument : FLOAT32;
        }
    }

    private final Shape shape;
    private final Format format;
    private final float[] storage;

    private Tensor(Shape shape, Format format, float[] storage) {
        if (storage.length < format.floats(shape)) {
            throw new IllegalArgumentException(
                    "an array of " + storage.length + " floats cannot hold a tensor of shape " + shape);
        }
        if (format == Format.BFLOAT16 && (shape.rank() == 0 || shape.extent(shape.rank() - 1) % 2 != 0)) {
            throw new IllegalArgumentException("a tensor in bfloat16 has an even last extent, got shape " + shape);
        }
        this.shape = shape;
        this.format = format;
        this.storage = storage;
    }

    /** Returns a new tensor of zeros. */
    public static Tensor zeros(Shape shape) {
        return new Tensor(shape, Format.FLOAT32, new float[shape.size()]);
    }

    /** Returns a new tensor of zeros with these extents. */
    public static Tensor zeros(int... extents) {
        return zeros(Shape.of(extents));
    }

    /**
     * Returns a view of an array, not a copy: writes through either are visible in both.
     *
     * @throws IllegalArgumentException if the array is shorter than the shape requires
     */
    public static Tensor wrap(float[] array, Shape shape) {
        return new Tensor(shape, Format.FLOAT32, array);
    }

    /**
     * Returns a view of a tensor's storage, not a copy.
     *
     * @throws IllegalArgumentException if the array is shorter than the shape requires, or bfloat16 has an odd last extent
     */
    public static Tensor wrap(float[] storage, Shape shape, Format format) {
        return new Tensor(shape, format, storage);
    }

    /** Returns the shape. */
    public Shape shape() {
        return shape;
    }

    /** Returns the number of elements. */
    public int size() {
        return shape.size();
    }

    /** Returns the number format. */
    public Format format() {
        return format;
    }

    /**
     * Returns the storage itself, not a copy. Elements beyond {@link #size()} are unused.
     *
     * @throws IllegalStateException if the tensor is in bfloat16
     */
    public float[] array() {
        if (format != Format.FLOAT32) {
            throw new IllegalStateException(this + " has no array of float32 numbers");
        }
        return storage;
    }

    /** Returns the storage itself in the tensor's {@link Format}, not a copy. */
    public float[] storage() {
        return storage;
    }

    /**
     * Returns a view of the same storage with another shape.
     *
     * @throws ShapeMismatchException if the number of elements differs
     */
    public Tensor reshape(int... extents) {
        Shape changed = Shape.of(extents);
        if (changed.size() != size()) {
            throw new ShapeMismatchException("reshape to " + changed, changed.size() + " elements", shape);
        }
        return new Tensor(changed, format, storage);
    }

    /** Returns a copy with its own storage, exactly as long as needed. */
    public Tensor copy() {
        return new Tensor(shape, format, Arrays.copyOf(storage, format.floats(shape)));
    }

    @Override
    public String toString() {
        return (format == Format.FLOAT32 ? "Tensor" : "Tensor in bfloat16 ") + shape;
    }
}
