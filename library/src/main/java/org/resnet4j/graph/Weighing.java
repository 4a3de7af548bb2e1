package org.resnet4j.graph;

import java.util.List;
import org.resnet4j.layer.Parameter;

/** The weights of a sum's two parts, a branch f and a shortcut s. */
public sealed interface Weighing {
    /** Returns the parameters of the weights. */
    default List<Parameter> parameters() {
        return List.of();
    }

    /** No weights, {@code f + s}. */
    record None() implements Weighing {}

    /**
     * A constant weight, {@code factor · (f + s)}.
     *
     * @param factor the weight of both parts
     */
    record Constant(float factor) implements Weighing {}

    /**
     * A gate for each element, {@code gate = sigmoid(s · weight + bias)}: {@code f + (1 − gate) · s}, or {@code gate ·
     * f + (1 − gate) · s} if exclusive.
     *
     * @param name the path of the 1x1 convolution that computes the gates
     * @param weight {@code [1, 1, channels, channels]}
     * @param bias {@code [channels]}
     * @param exclusive true if the branch is gated as well
     */
    record Gate(String name, Parameter weight, Parameter bias, boolean exclusive) implements Weighing {
        @Override
        public List<Parameter> parameters() {
            return List.of(weight, bias);
        }
    }
}
