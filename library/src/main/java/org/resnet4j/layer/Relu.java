package org.resnet4j.layer;

import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * The rectified linear unit, {@code y = max(0, x)}. The gradient passes where y &gt; 0. The input may have any shape.
 *
 * @param name the layer's path
 */
public record Relu(String name) implements Layer {
    @Override
    public Shape outputShape(Shape input) {
        return input;
    }

    @Override
    public Tensor forward(Tensor input, Tape tape) {
        Tensor output = predict(input, tape.workspace());
        tape.save(output);
        return output;
    }

    @Override
    public Gradient backward(Gradient outputGradient, Tape tape) {
        Workspace workspace = tape.workspace();
        Tensor dy = outputGradient.read(workspace);
        Tensor output = tape.restore();
        Tensor inputGradient = workspace.acquire(output.shape(), output.format());
        workspace.compute().reluBackward(output, dy, inputGradient);
        workspace.release(output);
        workspace.release(dy);
        return Gradient.of(inputGradient);
    }

    @Override
    public Tensor predict(Tensor input, Workspace workspace) {
        Tensor output = workspace.acquire(input.shape(), input.format());
        workspace.compute().relu(input, output);
        return output;
    }
}
