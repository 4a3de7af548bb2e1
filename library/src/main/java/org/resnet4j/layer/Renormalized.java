package org.resnet4j.layer;

import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * A normalization and the only layer that reads its result. The result is not kept between the forward and the backward
 * pass. The backward pass computes it again, with the same bits, from the input of the normalization, which is kept in
 * any case. That takes one pass over memory and saves a feature map.
 *
 * @param norm the normalization
 * @param reader a layer that saves its input and then its output, and reads its input in the backward pass
 */
record Renormalized(BatchNorm2d norm, Layer reader) implements Layer {
    @Override
    public String name() {
        return reader.name();
    }

    @Override
    public Shape outputShape(Shape input) {
        return reader.outputShape(norm.outputShape(input));
    }

    @Override
    public Tensor forward(Tensor input, Tape tape) {
        Tensor output = reader.forward(norm.forward(input, tape), tape);
        tape.restore();
        tape.restore();
        norm.forgetOutput(tape);
        tape.save(output);
        return output;
    }

    @Override
    public Gradient backward(Gradient outputGradient, Tape tape) {
        Tensor output = tape.restore();
        tape.save(norm.repeatOutput(tape));
        tape.save(output);
        return norm.backward(reader.backward(outputGradient, tape), tape);
    }

    @Override
    public Tensor predict(Tensor input, Workspace workspace) {
        Tensor normalized = norm.predict(input, workspace);
        Tensor output = reader.predict(normalized, workspace);
        workspace.release(normalized);
        return output;
    }
}
