package org.resnet4j.layer;

import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Window;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

/**
 * Average pooling over cells of {@code stride x stride} pixels. Cells at the lower and right border contain the
 * remaining pixels (PyTorch's {@code AvgPool2d(stride, ceil_mode=True, count_include_pad=False)}).
 *
 * <p><b>Shapes.</b> Input {@code [N, H, W, C]}, output {@code [N, H / stride, W / stride, C]}, rounded up.
 *
 * @param name the layer's path
 * @param stride the rows and columns of a cell
 */
public record AvgPool2d(String name, int stride) implements Layer {
    public AvgPool2d {
        if (stride < 1) {
            throw new IllegalArgumentException("average pool " + name + ": stride " + stride + " must be positive");
        }
    }

    /** Returns the first pixel of each cell as a convolution window. */
    private ConvolutionShape geometry(Shape input) {
        if (input.rank() != 4) {
            throw new ShapeMismatchException("average pool " + name, "[N, H, W, C]", input);
        }
        int channels = input.extent(3);
        return new ConvolutionShape(
                input.extent(0), input.extent(1), input.extent(2), channels, channels, new Window(1, 1, stride, 0), 1);
    }

    @Override
    public Shape outputShape(Shape input) {
        ConvolutionShape geometry = geometry(input);
        return Shape.of(geometry.batch(), geometry.outHeight(), geometry.outWidth(), geometry.outChannels());
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
                .cellsBackward(geometry(input.shape()), dy.storage(), inputGradient.storage(), workspace.workers());
        workspace.release(dy);
        return Gradient.of(inputGradient);
    }

    @Override
    public Tensor predict(Tensor input, Workspace workspace) {
        Tensor output = workspace.acquire(outputShape(input.shape()), input.format());
        workspace
                .kernels(input)
                .pooling()
                .cellsForward(geometry(input.shape()), input.storage(), output.storage(), workspace.workers());
        return output;
    }
}
