package org.resnet4j.graph;

import java.util.List;
import org.resnet4j.layer.Parameter;

/** The factors by which a sum multiplies its parts, a branch f and a shortcut s. */
public sealed interface Weighing {
    /** Returns the parameters of what is multiplied by. */
    default List<Parameter> parameters() {
        return List.of();
    }

    /** {@code f + s}. */
    record None() implements Weighing {}

    /**
     * {@code factor · (f + s)}.
     *
     * @param factor of both
     */
    record Constant(float factor) implements Weighing {}

    /**
     * {@code f + (1 − gate) · s}, or {@code gate · f + (1 − gate) · s}, with {@code gate = sigmoid(s · weight + bias)} for each
     * element.
     *
     * @param name path of the 1x1 convolution that makes the gates
     * @param weight {@code [1, 1, channels, channels]}
     * @param bias {@code [channels]}
     * @param exclusive true where the gate weighs the branch as well
     */
    record Gate(String name, Parameter weight, Parameter bias, boolean exclusive) implements Weighing {
        @Override
        public List<Parameter> parameters() {
            return List.of(weight, bias);
        }
    }
}
