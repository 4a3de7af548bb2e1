package org.resnet4j.kernel.vector.product;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What happens to the sums of a matrix product when they are stored: {@code c = activation(sum (+ c) + bias)}.
 *
 * @param add whether what {@code c} held belongs to the sum
 * @param bias a number for each packed column; null for neither bias nor activation
 * @param biasStart where the bias of column 0 stands
 * @param relu whether the activation is {@code max(0, ·)}, or nothing
 */
public record Epilogue(boolean add, float @Nullable [] bias, int biasStart, boolean relu) {
    /** {@code c = sum}. */
    public static final Epilogue NONE = new Epilogue(false, null, 0, false);

    /** {@code c += sum}. */
    public static final Epilogue ADD = new Epilogue(true, null, 0, false);

    /** The same with the bias of column 0 elsewhere. */
    Epilogue from(int start) {
        return start == biasStart ? this : new Epilogue(add, bias, start, relu);
    }

    /** The bias, for those who always have one. */
    public float[] biasOfResults() {
        return Objects.requireNonNull(bias);
    }

    /** The smallest result: zero for ReLU, minus infinity for no activation. */
    public float least() {
        return relu ? 0 : Float.NEGATIVE_INFINITY;
    }

    /** What belongs to part {@code index} of a sum that is stored in {@code parts} parts, one after the other. */
    Epilogue part(int index, int parts) {
        if (index == parts - 1) {
            return index == 0 ? this : new Epilogue(true, bias, biasStart, relu);
        }
        return index == 0 && !add ? NONE : ADD;
    }
}
