package org.resnet4j.layer;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.Activation;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

/**
 * The bias of a convolution in a network without normalization, {@code y = activation(x + b + residual)}. The addition
 * of the shortcut and ReLU are computed in the same pass over memory.
 *
 * <p><b>Shapes.</b> Input and output {@code [N, H, W, channels]}.
 */
public final class Bias2d implements AffineLayer {
    private final String name;
    private final int channels;
    private final boolean relu;
    private final Parameter bias;

    /**
     * Creates a bias of zeros.
     *
     * @param name the path of the convolution whose bias this is
     */
    public Bias2d(String name, int channels, Activation activation) {
        this(
                name,
                channels,
                activation == Activation.RELU,
                new Parameter(name + ".bias", Parameter.Role.BIAS, Tensor.zeros(channels)));
    }

    private Bias2d(String name, int channels, boolean relu, Parameter bias) {
        this.name = name;
        this.channels = channels;
        this.relu = relu;
        this.bias = bias;
    }

    /** Returns b, {@code [channels]}. */
    public Parameter bias() {
        return bias;
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public double factor(int channel) {
        return 1;
    }

    @Override
    public double offset(int channel) {
        return bias.value().array()[channel];
    }

    @Override
    public boolean hasRelu() {
        return relu;
    }

    @Override
    public Bias2d withoutActivation() {
        return new Bias2d(name, channels, false, bias);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 4 || input.extent(3) != channels) {
            throw new ShapeMismatchException("bias of " + name, "[N, H, W, " + channels + "]", input);
        }
        return input;
    }

    @Override
    public Tensor forwardSum(Tensor input, @Nullable Tensor residual, Tape tape) {
        Tensor output = predictSum(input, residual, tape.workspace());
        tape.save(output);
        return output;
    }

    @Override
    public Tensor predictSum(Tensor input, @Nullable Tensor residual, Workspace workspace) {
        Shape shape = outputShape(input.shape());
        AffinePass.checkResidual(name, shape, residual);
        Tensor output = workspace.acquire(shape, input.format());
        Tensor affine = workspace.acquire(Shape.of(2, channels));
        Arrays.fill(affine.array(), 0, channels, 1f);
        System.arraycopy(bias.value().array(), 0, affine.array(), channels, channels);
        AffinePass.apply(input, affine, residual, Activation.relu(relu), output, workspace);
        workspace.release(affine);
        return output;
    }

    /** Computes the gradient with respect to the sum, before ReLU, which is also that with respect to each summand. */
    @Override
    public Gradients backwardSum(Gradient outputGradient, Tape tape) {
        Workspace workspace = tape.workspace();
        Tensor d = relu ? outputGradient.readForWriting(workspace) : outputGradient.read(workspace);
        Tensor output = tape.restore();
        if (relu) {
            workspace.compute().reluBackward(output, d, d);
        }
        workspace.release(output);
        addSums(d, workspace);
        return Gradients.same(d, workspace);
    }

    /** Adds the sum over all pixels to the bias gradient: their number times their mean. */
    private void addSums(Tensor gradient, Workspace workspace) {
        int pixels = gradient.size() / channels;
        Tensor mean = workspace.acquire(Shape.of(channels));
        Tensor variance = workspace.acquire(Shape.of(channels));
        workspace
                .kernels(gradient)
                .normalization()
                .statistics(pixels, channels, gradient.storage(), mean.array(), variance.array(), workspace.workers());
        float[] sums = bias.gradient().array();
        for (int c = 0; c < channels; c++) {
            sums[c] += pixels * mean.array()[c];
        }
        workspace.release(variance);
        workspace.release(mean);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(bias);
    }
}
