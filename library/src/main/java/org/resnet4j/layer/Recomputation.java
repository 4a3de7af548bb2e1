package org.resnet4j.layer;

import org.resnet4j.tensor.Tensor;

/**
 * Recomputation of activations (Chen et al., 2016): forward keeps the input of a layer and none of its activations, and
 * backward runs forward again. The results have the same bits, for less memory and about a fifth more time.
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

    /** Runs a layer of {@link #forward} forward again, and then backward. */
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
