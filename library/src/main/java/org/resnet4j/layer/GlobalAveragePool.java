package org.resnet4j.layer;

import java.util.function.Consumer;
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
        Shape input = tape.restore().shape();
        Tensor inputGradient = workspace.acquire(input);
        workspace
                .compute()
                .kernels()
                .pooling()
                .averageBackward(
                        input.extent(0),
                        pixels(input),
                        input.extent(3),
                        dy.array(),
                        inputGradient.array(),
                        workspace.compute().workers());
        workspace.release(dy);
        return Gradient.of(inputGradient);
    }

    @Override
    public Tensor predict(Tensor input, Workspace workspace) {
        Shape shape = input.shape();
        Tensor output = workspace.acquire(outputShape(shape));
        workspace
                .compute()
                .kernels()
                .pooling()
                .averageForward(
                        shape.extent(0),
                        pixels(shape),
                        shape.extent(3),
                        input.array(),
                        output.array(),
                        workspace.compute().workers());
        return output;
    }

    @Override
    public void describe(Shape input, Consumer<LayerSummary> lines) {
        lines.accept(new LayerSummary(name, "global average pool", outputShape(input), 0, 0));
    }
}
