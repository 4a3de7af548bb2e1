package org.resnet4j.resnet;

import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Window;
import org.resnet4j.layer.Gradient;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * Subsampling and zero padding (option A of the first paper): S(x) takes every stride-th pixel and pads with channels
 * of zeros to the shape of the sum. It has no parameters. The input's channels are in the middle, with as many zeros
 * before as after them, as in published CIFAR weights.
 *
 * @param inChannels the number of channels of the input
 * @param outChannels the number of channels of the sum, at least as many
 * @param stride the distance between the pixels that are taken
 * @since 0.1.0
 */
public record PaddingShortcut(int inChannels, int outChannels, int stride) implements Shortcut {
    /** Returns the pixels taken from an input of this shape, as a 1x1 window with the stride. */
    private ConvolutionShape geometry(Shape input) {
        return new ConvolutionShape(
                input.extent(0),
                input.extent(1),
                input.extent(2),
                inChannels,
                outChannels,
                new Window(1, 1, stride, 0),
                1);
    }

    /** Returns the shape of the result for an input of this shape. */
    public Shape outputShape(Shape input) {
        ConvolutionShape geometry = geometry(input);
        return Shape.of(geometry.batch(), geometry.outHeight(), geometry.outWidth(), outChannels);
    }

    @Override
    public Tensor forward(Tensor input, Tape tape) {
        Tensor output = predict(input, tape.workspace());
        tape.save(input);
        tape.save(output);
        return output;
    }

    @Override
    public Gradient backward(Gradient d, Tape tape) {
        Workspace workspace = tape.workspace();
        Tensor sumGradient = d.read(workspace);
        workspace.release(tape.restore());
        Shape input = tape.restore().shape();
        Tensor inputGradient = workspace.acquire(input);
        workspace
                .compute()
                .kernels()
                .pooling()
                .subsampleBackward(
                        geometry(input),
                        sumGradient.array(),
                        inputGradient.array(),
                        workspace.compute().workers());
        workspace.release(sumGradient);
        return Gradient.of(inputGradient);
    }

    @Override
    public Tensor predict(Tensor input, Workspace workspace) {
        Tensor output = workspace.acquire(outputShape(input.shape()));
        workspace
                .compute()
                .kernels()
                .pooling()
                .subsample(
                        geometry(input.shape()),
                        input.array(),
                        output.array(),
                        workspace.compute().workers());
        return output;
    }
}
