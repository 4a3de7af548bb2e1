package org.resnet4j.layer;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.Accumulation;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Window;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

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
        Tensor output = predict(input, tape.workspace());
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
        Tensor dy = backwardWeights(input, outputGradient, workspace);
        workspace.release(output);
        Tensor dx = other == null ? workspace.acquire(input.shape()) : other.readForWriting(workspace);
        workspace
                .compute()
                .kernels()
                .convolution()
                .backwardData(
                        geometry(input.shape()),
                        dy.array(),
                        weight.value().array(),
                        dx.array(),
                        Accumulation.adding(other != null),
                        workspace.compute().workers());
        workspace.release(dy);
        return Gradient.of(dx);
    }

    /** Computes {@link #backward(Gradient, Tape)} without the input gradient, for a layer whose input is images. */
    public void backwardWeights(Gradient outputGradient, Tape tape) {
        Workspace workspace = tape.workspace();
        Tensor output = tape.restore();
        workspace.release(backwardWeights(tape.restore(), outputGradient, workspace));
        workspace.release(output);
    }

    /** Adds to the weight gradient. A deferred output gradient is computed on first read and returned. */
    private Tensor backwardWeights(Tensor input, Gradient outputGradient, Workspace workspace) {
        return FirstRead.of(
                outputGradient,
                (dy, deferred) -> workspace
                        .compute()
                        .kernels()
                        .convolution()
                        .backwardWeights(
                                geometry(input.shape()),
                                input.array(),
                                dy,
                                deferred,
                                weight.gradient().array(),
                                workspace.compute().workers()),
                workspace);
    }

    @Override
    public Tensor predict(Tensor input, Workspace workspace) {
        ConvolutionShape geometry = geometry(input.shape());
        Tensor output = workspace.acquire(outputShape(geometry));
        workspace
                .compute()
                .kernels()
                .convolution()
                .forward(
                        geometry,
                        input.array(),
                        weight.value().array(),
                        output.array(),
                        workspace.compute().workers());
        return output;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(weight);
    }
}
