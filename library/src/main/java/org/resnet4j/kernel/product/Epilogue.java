package org.resnet4j.kernel.product;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The operations on the sums of a matrix product when they are stored: {@code c = activation(sum (+ c) + bias)}.
 *
 * @param add true to add the previous contents of {@code c}
 * @param bias a number for each packed column; null for neither bias nor activation
 * @param biasStart the index of the bias of column 0
 * @param relu true for the activation {@code max(0, ·)}, false for none
 */
public record Epilogue(boolean add, float @Nullable [] bias, int biasStart, boolean relu) {
    /** Stores {@code c = sum}. */
    public static final Epilogue NONE = new Epilogue(false, null, 0, false);

    /** Stores {@code c += sum}. */
    public static final Epilogue ADD = new Epilogue(true, null, 0, false);

    /** Returns this epilogue with another index of the bias of column 0. */
    Epilogue from(int start) {
        return start == biasStart ? this : new Epilogue(add, bias, start, relu);
    }

    /** Returns the bias, which must exist. */
    public float[] biasOfResults() {
        return Objects.requireNonNull(bias);
    }

    /** Returns the smallest possible result: zero for ReLU, negative infinity for no activation. */
    public float least() {
        return relu ? 0 : Float.NEGATIVE_INFINITY;
    }

    /** Returns the epilogue of part {@code index} of a sum that is stored in {@code parts} consecutive parts. */
    Epilogue part(int index, int parts) {
        if (index == parts - 1) {
            return index == 0 ? this : new Epilogue(true, bias, biasStart, relu);
        }
        return index == 0 && !add ? NONE : ADD;
    }
}
