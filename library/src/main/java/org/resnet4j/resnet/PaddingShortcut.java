package org.resnet4j.resnet;

import java.util.function.Consumer;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Window;
import org.resnet4j.layer.Gradient;
import org.resnet4j.layer.LayerSummary;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * S(x) takes every stride-th pixel and fills the missing channels with zeros (option A of the first paper): it brings the
 * input to the sum's shape and learns nothing. The input's channels stand in the middle, with as many zeros before as
 * after, as in published CIFAR weights.
 *
 * @param inChannels channels of the input
 * @param outChannels channels of the sum, at least as many
 * @param stride the step from one pixel that is taken to the next
 */
public record PaddingShortcut(int inChannels, int outChannels, int stride) implements Shortcut {
    /** Returns the pixels that are taken of an input of this shape: a 1x1 window with the stride. */
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

    @Override
    public void describe(String block, Shape input, Consumer<LayerSummary> lines) {
        lines.accept(
                new LayerSummary(block + ".downsample", "zero padding, stride " + stride, outputShape(input), 0, 0));
    }
}
