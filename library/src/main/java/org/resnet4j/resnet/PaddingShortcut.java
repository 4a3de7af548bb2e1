package org.resnet4j.resnet;

import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Window;
import org.resnet4j.layer.Gradient;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.tensor.Tensor.Format;

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
        Tensor output = subsample(input, tape.format(outputShape(input.shape())), tape.workspace());
        tape.save(input);
        tape.save(output);
        return output;
    }

    @Override
    public Gradient backward(Gradient d, Tape tape) {
        Workspace workspace = tape.workspace();
        Tensor output = tape.restore();
        Tensor input = tape.restore();
        Tensor sumGradient =
                d.in(Format.common(input.format(), output.format()), workspace).read(workspace);
        workspace.release(output);
        Tensor inputGradient = workspace.acquire(input.shape(), sumGradient.format());
        workspace
                .kernels(inputGradient)
                .pooling()
                .subsampleBackward(
                        geometry(input.shape()), sumGradient.storage(), inputGradient.storage(), workspace.workers());
        workspace.release(sumGradient);
        return Gradient.of(inputGradient).in(input.format(), workspace);
    }

    @Override
    public Tensor predict(Tensor input, Workspace workspace) {
        return subsample(input, input.format(), workspace);
    }

    private Tensor subsample(Tensor input, Format result, Workspace workspace) {
        Tensor x = workspace.in(Format.common(input.format(), result), input);
        Tensor output = workspace.acquire(outputShape(input.shape()), x.format());
        workspace
                .kernels(x)
                .pooling()
                .subsample(geometry(input.shape()), x.storage(), output.storage(), workspace.workers());
        workspace.releaseUnlessSame(x, input);
        return workspace.exchange(output, result);
    }
}
