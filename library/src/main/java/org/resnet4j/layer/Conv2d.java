package org.resnet4j.layer;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.Accumulation;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Window;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.tensor.Tensor.Format;

/**
 * A two-dimensional convolution without bias, since the batch normalization that follows has one.
 *
 * <p><b>Shapes.</b> Input {@code [N, H, W, inChannels]}, output {@code [N, H', W', outChannels]} with {@code H' = (H +
 * 2·padding − kernel) / stride + 1}, weights {@code [kernel, kernel, inChannels / groups, outChannels]}.
 */
public final class Conv2d implements Layer {
    private final String name;
    private final int inChannels;
    private final int outChannels;
    private final int kernelSize;
    private final int stride;
    private final int padding;
    private final int groups;
    private final Parameter weight;

    /** Creates a convolution whose weights are zeros; {@code org.resnet4j.resnet} initializes them. */
    public Conv2d(String name, int inChannels, int outChannels, int kernelSize, int stride, int padding, int groups) {
        new ConvolutionShape(
                1,
                kernelSize,
                kernelSize,
                inChannels,
                outChannels,
                new Window(kernelSize, kernelSize, stride, padding),
                groups);
        this.name = name;
        this.inChannels = inChannels;
        this.outChannels = outChannels;
        this.kernelSize = kernelSize;
        this.stride = stride;
        this.padding = padding;
        this.groups = groups;
        this.weight = new Parameter(
                name + ".weight",
                Parameter.Role.CONVOLUTION_WEIGHT,
                Shape.of(kernelSize, kernelSize, inChannels / groups, outChannels));
    }

    /** Returns a convolution whose padding is half the kernel, which preserves the image size at stride 1. */
    public static Conv2d same(String name, int inChannels, int outChannels, int kernelSize, int stride) {
        return new Conv2d(name, inChannels, outChannels, kernelSize, stride, kernelSize / 2, 1);
    }

    /** Returns the number of output channels. */
    public int outChannels() {
        return outChannels;
    }

    /** Returns the rows and columns of the kernel. */
    public int kernelSize() {
        return kernelSize;
    }

    /** Returns the stride in both directions. */
    public int stride() {
        return stride;
    }

    /** Returns the padding: the rows and columns of zeros around the image. */
    public int padding() {
        return padding;
    }

    /** Returns the number of groups. Each group of output channels reads only its own group of input channels. */
    public int groups() {
        return groups;
    }

    /** Returns the weights, {@code [kernel, kernel, inChannels / groups, outChannels]}. */
    public Parameter weight() {
        return weight;
    }

    @Override
    public String name() {
        return name;
    }

    private ConvolutionShape geometry(Shape input) {
        if (input.rank() != 4 || input.extent(3) != inChannels) {
            throw new ShapeMismatchException("conv2d " + name, "[N, H, W, " + inChannels + "]", input);
        }
        if (input.extent(1) + 2 * padding < kernelSize || input.extent(2) + 2 * padding < kernelSize) {
            int least = kernelSize - 2 * padding;
            throw new ShapeMismatchException(
                    "conv2d " + name, "[N, at least " + least + ", at least " + least + ", " + inChannels + "]", input);
        }
        return new ConvolutionShape(
                input.extent(0),
                input.extent(1),
                input.extent(2),
                inChannels,
                outChannels,
                new Window(kernelSize, kernelSize, stride, padding),
                groups);
    }

    private static Shape outputShape(ConvolutionShape geometry) {
        return Shape.of(geometry.batch(), geometry.outHeight(), geometry.outWidth(), geometry.outChannels());
    }

    @Override
    public Shape outputShape(Shape input) {
        return outputShape(geometry(input));
    }

    @Override
    public Tensor forward(Tensor input, Tape tape) {
        Tensor output = convolve(input, tape.format(outputShape(input.shape())), tape.workspace());
        tape.save(input);
        tape.save(output);
        return output;
    }

    @Override
    public Gradient backward(Gradient outputGradient, Tape tape) {
        return backward(outputGradient, null, tape);
    }

    @Override
    public Gradient backwardAdding(Gradient outputGradient, Gradient other, Tape tape) {
        return backward(outputGradient, other, tape);
    }

    private Gradient backward(Gradient outputGradient, @Nullable Gradient other, Tape tape) {
        Workspace workspace = tape.workspace();
        Tensor output = tape.restore();
        Tensor input = tape.restore();
        Format format = Format.common(input.format(), output.format());
        Tensor dy = backwardWeights(input, outputGradient.in(format, workspace), workspace);
        workspace.release(output);
        Tensor dx = other == null
                ? workspace.acquire(input.shape(), format)
                : other.in(format, workspace).readForWriting(workspace);
        workspace
                .kernels(dy)
                .convolution()
                .backwardData(
                        geometry(input.shape()),
                        dy.storage(),
                        weight.value().array(),
                        dx.storage(),
                        Accumulation.adding(other != null),
                        workspace.workers());
        workspace.release(dy);
        return Gradient.of(dx).in(input.format(), workspace);
    }

    /** Computes {@link #backward(Gradient, Tape)} without the input gradient, for a layer whose input is images. */
    public void backwardWeights(Gradient outputGradient, Tape tape) {
        Workspace workspace = tape.workspace();
        Tensor output = tape.restore();
        Tensor input = tape.restore();
        Format format = Format.common(input.format(), output.format());
        workspace.release(backwardWeights(input, outputGradient.in(format, workspace), workspace));
        workspace.release(output);
    }

    /**
     * Adds to the weight gradient.
     *
     * @return the output gradient, computed on first read if it was deferred
     */
    private Tensor backwardWeights(Tensor input, Gradient outputGradient, Workspace workspace) {
        Tensor x = workspace.in(outputGradient.format(), input);
        Tensor dy = FirstRead.of(
                outputGradient,
                (gradients, deferred) -> workspace
                        .kernels(x)
                        .convolution()
                        .backwardWeights(
                                geometry(input.shape()),
                                x.storage(),
                                gradients,
                                deferred,
                                weight.gradient().array(),
                                workspace.workers()),
                workspace);
        workspace.releaseUnlessSame(x, input);
        return dy;
    }

    @Override
    public Tensor predict(Tensor input, Workspace workspace) {
        return convolve(input, input.format(), workspace);
    }

    private Tensor convolve(Tensor input, Format result, Workspace workspace) {
        ConvolutionShape geometry = geometry(input.shape());
        Tensor x = workspace.in(Format.common(input.format(), result), input);
        Tensor output = workspace.acquire(outputShape(geometry), x.format());
        workspace
                .kernels(x)
                .convolution()
                .forward(geometry, x.storage(), weight.value().array(), output.storage(), workspace.workers());
        workspace.releaseUnlessSame(x, input);
        return workspace.exchange(output, result);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(weight);
    }
}
