package org.resnet4j.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The extents of a tensor, outermost first; immutable. A batch of images is {@code [N, H, W, C]}.
 *
 * <p>An extent may be zero. A shape without extents is a scalar and has one element.
 *
 * @since 0.1.0
 */
public final class Shape {
    private final int[] extents;
    private final int size;

    private Shape(int[] extents) {
        long product = 1;
        for (int extent : extents) {
            if (extent < 0) {
                throw new IllegalArgumentException("negative extent in shape " + Arrays.toString(extents));
            }
            product *= extent;
            if (product > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "shape " + Arrays.toString(extents) + " has more than " + Integer.MAX_VALUE + " elements");
            }
        }
        this.extents = extents;
        this.size = (int) product;
    }

    /**
     * Returns a shape of these extents.
     *
     * @throws IllegalArgumentException if an extent is negative or the number of elements exceeds 2^31 - 1
     */
    public static Shape of(int... extents) {
        return new Shape(extents.clone());
    }

    /** Returns the number of extents: 4 for a batch of images. */
    public int rank() {
        return extents.length;
    }

    /** Returns the extent of one axis; axis 0 is the outermost. */
    public int extent(int axis) {
        return extents[axis];
    }

    /** Returns the number of elements, which is the product of the extents. */
    public int size() {
        return size;
    }

    /** Returns a copy of the extents, outermost first. */
    public int[] toArray() {
        return extents.clone();
    }

    /** Returns this shape with another outermost extent (batch size). */
    public Shape withBatch(int batch) {
        int[] changed = extents.clone();
        changed[0] = batch;
        return new Shape(changed);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Shape shape && Arrays.equals(extents, shape.extents);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(extents);
    }

    /** Returns the extents in brackets: {@code [16, 224, 224, 3]}. */
    @Override
    public String toString() {
        return Arrays.stream(extents).mapToObj(Integer::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
