package org.resnet4j.tensor;

/**
 * A dense float32 array with a {@link Shape}, row-major: the last axis is contiguous.
 *
 * <p>A tensor is storage, not arithmetic: {@code org.resnet4j.kernel} computes on {@link #array()} directly. The
 * elements are the first {@code shape().size()} floats of the array; the array may be longer when it is a recycled
 * buffer. Tensors are mutable and not synchronized.
 *
 * @since 0.1.0
 */
public final class Tensor {
    private final Shape shape;
    private final float[] array;

    private Tensor(Shape shape, float[] array) {
        if (array.length < shape.size()) {
            throw new IllegalArgumentException(
                    "an array of " + array.length + " floats cannot hold a tensor of shape " + shape);
        }
        this.shape = shape;
        this.array = array;
    }

    /** Returns a new tensor of zeros. */
    public static Tensor zeros(Shape shape) {
        return new Tensor(shape, new float[shape.size()]);
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
        return new Tensor(shape, array);
    }

    /** Returns the shape. */
    public Shape shape() {
        return shape;
    }

    /** Returns the number of elements. */
    public int size() {
        return shape.size();
    }

    /** Returns the storage itself, not a copy. Elements beyond {@link #size()} are unused. */
    public float[] array() {
        return array;
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
        return new Tensor(changed, array);
    }

    /** Returns a copy with its own storage, exactly as long as needed. */
    public Tensor copy() {
        float[] own = new float[size()];
        System.arraycopy(array, 0, own, 0, own.length);
        return new Tensor(shape, own);
    }

    @Override
    public String toString() {
        return "Tensor" + shape;
    }
}
