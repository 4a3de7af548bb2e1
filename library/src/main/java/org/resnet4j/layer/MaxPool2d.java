package org.resnet4j.layer;

import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Window;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

/**
 * Max pooling. Padding is ignored: it is never the maximum, even if all values are negative.
 *
 * <p><b>Shapes.</b> Input {@code [N, H, W, C]}, output {@code [N, H', W', C]} with {@code H' = (H + 2·padding − window)
 * / stride + 1}.
 *
 * @param name the layer's path
 * @param window the rows and columns of the window
 * @param stride the stride of the window
 * @param padding the rows and columns of padding on each side; at most half the window
 */
public record MaxPool2d(String name, int window, int stride, int padding) implements Layer {
    public MaxPool2d {
        if (window < 1 || stride < 1 || padding < 0 || 2 * padding > window) {
            throw new IllegalArgumentException("max pool " + name + ": window " + window + ", stride " + stride
                    + ", padding " + padding + "; padding may be at most half the window");
        }
    }

    /** Returns the window positions for an input of this shape. */
    private ConvolutionShape geometry(Shape input) {
        if (input.rank() != 4 || Math.min(input.extent(1), input.extent(2)) + 2 * padding < window) {
            throw new ShapeMismatchException(
                    "max pool " + name, "[N, H, W, C] with H and W at least " + (window - 2 * padding), input);
        }
        int channels = input.extent(3);
        return new ConvolutionShape(
                input.extent(0),
                input.extent(1),
                input.extent(2),
                channels,
                channels,
                new Window(window, window, stride, padding),
                1);
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
        Tensor output = tape.restore();
        Tensor input = tape.restore();
        Tensor inputGradient = workspace.acquire(input.shape(), input.format());
        workspace
                .kernels(input)
                .pooling()
                .maxBackward(
                        geometry(input.shape()),
                        input.storage(),
                        output.storage(),
                        dy.storage(),
                        inputGradient.storage(),
                        workspace.workers());
        workspace.release(output);
        workspace.release(dy);
        return Gradient.of(inputGradient);
    }

    @Override
    public Tensor predict(Tensor input, Workspace workspace) {
        Tensor output = workspace.acquire(outputShape(input.shape()), input.format());
        workspace
                .kernels(input)
                .pooling()
                .maxForward(geometry(input.shape()), input.storage(), output.storage(), workspace.workers());
        return output;
    }
}
