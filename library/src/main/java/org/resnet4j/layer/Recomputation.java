package org.resnet4j.layer;

import org.resnet4j.tensor.Tensor;

/**
 * Recomputation of activations (Chen et al., 2016). The forward pass keeps the input of a layer but none of its
 * activations; the backward pass runs forward again. The results have the same bits, with less memory and about a fifth
 * more time.
 */
public final class Recomputation {
    private Recomputation() {}

    /** Computes the result of a layer in training and saves its input. */
    public static Tensor forward(Layer layer, Tensor input, Tape tape) {
        Tape inner = tape.inner(Tape.Mode.WHOLE);
        Tensor output = layer.forward(input, inner);
        inner.releaseAllBut(input, output);
        tape.save(input);
        tape.save(output);
        return output;
    }

    /** Repeats the forward pass of a layer run by {@link #forward}, then runs its backward pass. */
    public static Gradient backward(Layer layer, Gradient outputGradient, Tape tape) {
        Tensor dy = outputGradient.read(tape.workspace());
        Tensor output = tape.restore();
        Tensor input = tape.restore();
        tape.workspace().release(output);
        Tape inner = tape.inner(Tape.Mode.REPEATED);
        layer.forward(input, inner);
        return layer.backward(Gradient.of(dy), inner);
    }
}
