package org.resnet4j.weights.torch.pickle;

import java.util.Arrays;
import org.resnet4j.weights.element.ElementType;
import org.resnet4j.weights.torch.pickle.Value.Storage;

/**
 * A tensor as a view of a storage: element {@code (i, j, …)} is at {@code offset + i·strides[0] + j·strides[1] + …}.
 *
 * @param type the type of the elements
 * @param offset the position of the first element, in elements
 * @param sizes the extents, outermost first
 * @param strides in elements; 0 if an axis repeats the same elements
 * @param count the number of elements: the product of the sizes
 * @param span the number of elements of the storage from the first to the last of the view
 */
public record TensorView(
        Storage storage, ElementType type, long offset, long[] sizes, long[] strides, long count, long span) {
    /** The maximum number of axes; no weight has more. */
    static final int MAX_RANK = 32;

    /**
     * Returns a view, which must be inside its storage.
     *
     * @throws IllegalArgumentException if it is not, or its numbers are negative or too large
     */
    static TensorView of(Storage storage, ElementType type, long offset, long[] sizes, long[] strides) {
        if (sizes.length != strides.length) {
            throw new IllegalArgumentException(
                    "a tensor has " + sizes.length + " sizes and " + strides.length + " strides");
        }
        if (offset < 0
                || Arrays.stream(sizes).anyMatch(n -> n < 0)
                || Arrays.stream(strides).anyMatch(n -> n < 0)) {
            throw new IllegalArgumentException(
                    "a tensor has " + numbers(offset, sizes, strides) + "; none may be negative");
        }
        boolean empty = Arrays.stream(sizes).anyMatch(n -> n == 0);
        try {
            long count = empty ? 0 : 1;
            long span = empty ? 0 : 1;
            for (int axis = 0; axis < sizes.length && !empty; axis++) {
                count = Math.multiplyExact(count, sizes[axis]);
                span = Math.addExact(span, Math.multiplyExact(sizes[axis] - 1, strides[axis]));
            }
            long end = Math.multiplyExact(Math.addExact(offset, span), type.bytes());
            if (!empty && end > storage.bytes()) {
                throw new IllegalArgumentException("a tensor has " + numbers(offset, sizes, strides)
                        + " and ends at byte " + end + " of a storage of " + storage.bytes() + " bytes");
            }
            return new TensorView(storage, type, offset, sizes, strides, count, span);
        } catch (ArithmeticException overflow) {
            throw new IllegalArgumentException(
                    "a tensor has " + numbers(offset, sizes, strides) + ", which no storage can hold", overflow);
        }
    }

    private static String numbers(long offset, long[] sizes, long[] strides) {
        return "offset " + offset + ", sizes " + Arrays.toString(sizes) + " and strides " + Arrays.toString(strides);
    }

    /**
     * Returns a view of the same elements in the same order with the fewest axes: axes of one element are removed, and
     * contiguous axes are merged.
     */
    public TensorView collapsed() {
        var shortSizes = new long[sizes.length];
        var shortStrides = new long[sizes.length];
        int rank = 0;
        for (int axis = 0; axis < sizes.length; axis++) {
            if (sizes[axis] == 1) {
                continue;
            }
            if (rank > 0 && count > 0 && shortStrides[rank - 1] == strides[axis] * sizes[axis]) {
                shortSizes[rank - 1] *= sizes[axis];
                shortStrides[rank - 1] = strides[axis];
            } else {
                shortSizes[rank] = sizes[axis];
                shortStrides[rank] = strides[axis];
                rank++;
            }
        }
        return new TensorView(
                storage, type, offset, Arrays.copyOf(shortSizes, rank), Arrays.copyOf(shortStrides, rank), count, span);
    }

    /** Returns true if the elements are contiguous in the storage. The view must be collapsed. */
    public boolean isContiguous() {
        return count == 0 || sizes.length == 0 || (sizes.length == 1 && strides[0] == 1);
    }
}
