package org.resnet4j.layer;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.GateKernel;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

/**
 * Squeeze-and-excitation (Hu et al., 2018), followed by the addition of the shortcut and ReLU. Each channel of an image
 * is multiplied by a function of the means of all channels:
 *
 * <pre>
 *   means = average of x over the pixels                    [N, C]      squeeze
 *   gates = sigmoid(fc2 · relu(fc1 · means + b1) + b2)      [N, C]      excitation
 *   y     = relu(x · gates + shortcut)
 * </pre>
 *
 * <p><b>Shapes.</b> Input and output {@code [N, H, W, channels]}. Names and shapes of the parameters are timm's: fc1
 * and fc2 are 1x1 convolutions.
 */
public final class SqueezeExcitation implements SummingLayer {
    private final String name;
    private final int channels;
    private final int hidden;
    private final boolean relu;
    private final Parameter reduce;
    private final Parameter reduceBias;
    private final Parameter expand;
    private final Parameter expandBias;

    /**
     * Creates a layer whose weights are zeros; {@code org.resnet4j.resnet} initializes them.
     *
     * @param hidden the number of values between fc1 and fc2
     */
    public SqueezeExcitation(String name, int channels, int hidden) {
        this.name = name;
        this.channels = channels;
        this.hidden = hidden;
        this.relu = true;
        this.reduce = weight(name + ".fc1.weight", channels, hidden);
        this.reduceBias = new Parameter(name + ".fc1.bias", Parameter.Role.BIAS, Shape.of(hidden));
        this.expand = weight(name + ".fc2.weight", hidden, channels);
        this.expandBias = new Parameter(name + ".fc2.bias", Parameter.Role.BIAS, Shape.of(channels));
    }

    private SqueezeExcitation(SqueezeExcitation other) {
        name = other.name;
        channels = other.channels;
        hidden = other.hidden;
        relu = false;
        reduce = other.reduce;
        reduceBias = other.reduceBias;
        expand = other.expand;
        expandBias = other.expandBias;
    }

    @Override
    public boolean hasRelu() {
        return relu;
    }

    @Override
    public SqueezeExcitation withoutActivation() {
        return new SqueezeExcitation(this);
    }

    private static Parameter weight(String name, int in, int out) {
        return new Parameter(name, Parameter.Role.CONVOLUTION_WEIGHT, Shape.of(1, 1, in, out));
    }

    @Override
    public String name() {
        return name;
    }

    /** Returns the number of channels of the images. */
    public int channels() {
        return channels;
    }

    /** Returns the number of values between fc1 and fc2. */
    public int hidden() {
        return hidden;
    }

    /** Returns fc1, {@code [1, 1, channels, hidden]}. */
    public Parameter reduce() {
        return reduce;
    }

    /** Returns the bias of fc1, {@code [hidden]}. */
    public Parameter reduceBias() {
        return reduceBias;
    }

    /** Returns fc2, {@code [1, 1, hidden, channels]}. */
    public Parameter expand() {
        return expand;
    }

    /** Returns the bias of fc2, {@code [channels]}. */
    public Parameter expandBias() {
        return expandBias;
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 4 || input.extent(3) != channels) {
            throw new ShapeMismatchException("squeeze-and-excitation " + name, "[N, H, W, " + channels + "]", input);
        }
        return input;
    }

    /** The gates and the values from which they are computed. */
    private record Excitation(Tensor means, Tensor between, Tensor gates) {
        void release(Workspace workspace) {
            workspace.release(gates);
            workspace.release(between);
            workspace.release(means);
        }
    }

    private Excitation excite(Tensor input, Workspace workspace) {
        Shape shape = outputShape(input.shape());
        int images = shape.extent(0);
        Tensor means = workspace.acquire(Shape.of(images, channels));
        Tensor between = workspace.acquire(Shape.of(images, hidden));
        Tensor gates = workspace.acquire(Shape.of(images, channels));
        workspace
                .kernels(input)
                .pooling()
                .averageForward(
                        images,
                        pixels(shape),
                        channels,
                        input.storage(),
                        means.array(),
                        workspace.compute().workers());
        linear(images, means, reduce, reduceBias, between, workspace);
        workspace.compute().relu(between, between);
        linear(images, between, expand, expandBias, gates, workspace);
        workspace
                .compute()
                .kernels()
                .gate()
                .sigmoid(gates.size(), gates.array(), workspace.compute().workers());
        return new Excitation(means, between, gates);
    }

    private static int pixels(Shape shape) {
        return shape.extent(1) * shape.extent(2);
    }

    private static void linear(int images, Tensor x, Parameter weight, Parameter bias, Tensor y, Workspace workspace) {
        int in = weight.shape().extent(2);
        int out = weight.shape().extent(3);
        workspace
                .compute()
                .kernels()
                .linear()
                .forward(
                        images,
                        in,
                        out,
                        x.array(),
                        weight.value().array(),
                        bias.value().array(),
                        y.array(),
                        workspace.compute().workers());
    }

    @Override
    public Tensor forwardSum(Tensor input, @Nullable Tensor residual, Tape tape) {
        Excitation excitation = excite(input, tape.workspace());
        Tensor output = weigh(input, excitation.gates(), residual, tape.workspace());
        tape.save(input);
        tape.save(excitation.means());
        tape.save(excitation.between());
        tape.save(excitation.gates());
        tape.save(output);
        return output;
    }

    private GateKernel.Extents extents(Shape shape) {
        return new GateKernel.Extents(shape.extent(0), pixels(shape), channels);
    }

    private Tensor weigh(Tensor input, Tensor gates, @Nullable Tensor residual, Workspace workspace) {
        Shape shape = input.shape();
        if (residual != null && !residual.shape().equals(shape)) {
            throw new ShapeMismatchException("shortcut added at " + name, shape.toString(), residual.shape());
        }
        Tensor output = workspace.acquire(shape);
        Float32 branch = Float32.of(input, workspace);
        Float32 shortcut = residual == null ? null : Float32.of(residual, workspace);
        workspace
                .compute()
                .kernels()
                .gate()
                .forward(
                        extents(shape),
                        branch.array(),
                        gates.array(),
                        shortcut == null ? null : shortcut.array(),
                        Activation.relu(relu),
                        output.array(),
                        workspace.compute().workers());
        branch.release(workspace);
        if (shortcut != null) {
            shortcut.release(workspace);
        }
        return workspace.exchange(output, input.format());
    }

    @Override
    public Gradients backwardSum(Gradient outputGradient, Tape tape) {
        Workspace workspace = tape.workspace();
        Tensor d = outputGradient.readForWriting(workspace);
        Tensor output = tape.restore();
        Tensor gates = tape.restore();
        Tensor between = tape.restore();
        Tensor means = tape.restore();
        Tensor input = tape.restore();
        Shape shape = input.shape();
        int images = shape.extent(0);
        Float32 branch = Float32.of(input, workspace);
        Float32 sum = Float32.of(output, workspace);
        Float32 gradient = Float32.of(d, workspace);
        Tensor gateGradients = workspace.acquire(gates.shape());
        workspace
                .compute()
                .kernels()
                .gate()
                .backwardGates(
                        extents(shape),
                        branch.array(),
                        relu ? sum.array() : null,
                        gradient.array(),
                        gateGradients.array(),
                        workspace.compute().workers());
        workspace.compute().kernels().gate().sigmoidBackward(gates.size(), gates.array(), gateGradients.array());
        Tensor betweenGradient = linearBackward(images, between, gateGradients, expand, expandBias, workspace);
        workspace.compute().reluBackward(between, betweenGradient, betweenGradient);
        Tensor meanGradients = linearBackward(images, means, betweenGradient, reduce, reduceBias, workspace);
        Tensor inputGradient = workspace.acquire(shape);
        workspace
                .compute()
                .kernels()
                .gate()
                .backwardData(
                        extents(shape),
                        gradient.array(),
                        gates.array(),
                        meanGradients.array(),
                        inputGradient.array(),
                        workspace.compute().workers());
        gradient.writeBack(workspace);
        sum.release(workspace);
        branch.release(workspace);
        workspace.release(meanGradients);
        workspace.release(betweenGradient);
        workspace.release(gateGradients);
        workspace.release(output);
        new Excitation(means, between, gates).release(workspace);
        return new Gradients(Gradient.of(workspace.exchange(inputGradient, d.format())), Gradient.of(d));
    }

    private static Tensor linearBackward(
            int images, Tensor x, Tensor dy, Parameter weight, Parameter bias, Workspace workspace) {
        int in = weight.shape().extent(2);
        int out = weight.shape().extent(3);
        workspace
                .compute()
                .kernels()
                .linear()
                .backwardWeights(
                        images,
                        in,
                        out,
                        x.array(),
                        dy.array(),
                        weight.gradient().array(),
                        bias.gradient().array(),
                        workspace.compute().workers());
        Tensor dx = workspace.acquire(x.shape());
        workspace
                .compute()
                .kernels()
                .linear()
                .backwardData(
                        images,
                        in,
                        out,
                        dy.array(),
                        weight.value().array(),
                        dx.array(),
                        workspace.compute().workers());
        return dx;
    }

    @Override
    public Tensor predictSum(Tensor input, @Nullable Tensor residual, Workspace workspace) {
        Excitation excitation = excite(input, workspace);
        Tensor output = weigh(input, excitation.gates(), residual, workspace);
        excitation.release(workspace);
        return output;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(reduce, reduceBias, expand, expandBias);
    }
}
