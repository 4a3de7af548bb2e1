package org.resnet4j.layer;

import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

/**
 * The mean of each channel over all pixels.
 *
 * <p><b>Shapes.</b> Input {@code [N, H, W, C]}, output {@code [N, C]}.
 *
 * @param name the layer's path
 */
public record GlobalAveragePool(String name) implements Layer {
    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 4) {
            throw new ShapeMismatchException("global average pool " + name, "[N, H, W, C]", input);
        }
        return Shape.of(input.extent(0), input.extent(3));
    }

    private static int pixels(Shape input) {
        return input.extent(1) * input.extent(2);
    }

    @Override
    public Tensor forward(Tensor input, Tape tape) {
        Tensor output = predict(input, tape.workspace());
        tape.save(input);
        tape.save(output);
        return output;
    }

    @Override
    public Gradient backward(Gradient outputGradient, Tape tape) {
        Workspace workspace = tape.workspace();
        Tensor dy = outputGradient.read(workspace);
        workspace.release(tape.restore());
        Tensor input = tape.restore();
        Tensor inputGradient = workspace.acquire(input.shape(), input.format());
        workspace
                .kernels(inputGradient)
                .pooling()
                .averageBackward(
                        input.shape().extent(0),
                        pixels(input.shape()),
                        input.shape().extent(3),
                        dy.storage(),
                        inputGradient.storage(),
                        workspace.workers());
        workspace.release(dy);
        return Gradient.of(inputGradient);
    }

    @Override
    public Tensor predict(Tensor input, Workspace workspace) {
        Shape shape = input.shape();
        Tensor output = workspace.acquire(outputShape(shape));
        workspace
                .kernels(input)
                .pooling()
                .averageForward(
                        shape.extent(0),
                        pixels(shape),
                        shape.extent(3),
                        input.storage(),
                        output.storage(),
                        workspace.workers());
        return output;
    }
}
