package org.resnet4j.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.LateGradient;
import org.resnet4j.kernel.NormalizationKernel;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

/**
 * Batch normalization of each channel (Ioffe and Szegedy, 2015). In a residual network the addition of the shortcut and
 * ReLU follow it; they are computed in the same pass over memory.
 *
 * <p>{@code y = (x − E[x]) / sqrt(Var[x] + ε) · γ + β} with ε = 1e-5. In training, the mean and variance are those of
 * the batch, with the biased variance (divided by the number of pixels n). Training also updates the running
 * statistics, {@code running = 0.9·running + 0.1·batch}, with the unbiased variance (divided by n − 1). In evaluation
 * the running statistics are used. PyTorch calls this momentum 0.1; other libraries call it 0.9.
 *
 * <p><b>Shapes.</b> Input and output {@code [N, H, W, channels]}.
 */
public final class BatchNorm2d implements AffineLayer {
    private static final float EPSILON = 1e-5f;
    private static final float MOMENTUM = 0.1f;

    private final String name;
    private final int channels;
    private final Activation activation;
    private final Parameter scale;
    private final Parameter shift;
    private final StateBuffer runningMean;
    private final StateBuffer runningVariance;

    /** Creates a layer with gamma 1, beta 0, running mean 0 and running variance 1. */
    public BatchNorm2d(String name, int channels, Activation activation) {
        this.name = name;
        this.channels = channels;
        this.activation = activation;
        this.scale = new Parameter(name + ".weight", Parameter.Role.NORM_SCALE, Tensor.zeros(channels));
        this.shift = new Parameter(name + ".bias", Parameter.Role.NORM_SHIFT, Tensor.zeros(channels));
        this.runningMean = new StateBuffer(name + ".running_mean", Tensor.zeros(channels));
        this.runningVariance = new StateBuffer(name + ".running_var", Tensor.zeros(channels));
        Arrays.fill(scale.value().array(), 1f);
        Arrays.fill(runningVariance.value().array(), 1f);
    }

    private BatchNorm2d(BatchNorm2d other) {
        name = other.name;
        channels = other.channels;
        activation = Activation.NONE;
        scale = other.scale;
        shift = other.shift;
        runningMean = other.runningMean;
        runningVariance = other.runningVariance;
    }

    @Override
    public boolean hasRelu() {
        return activation.isRelu();
    }

    @Override
    public BatchNorm2d withoutActivation() {
        return new BatchNorm2d(this);
    }

    /** Returns gamma, {@code [channels]}. */
    public Parameter scale() {
        return scale;
    }

    /** Returns beta, {@code [channels]}. */
    public Parameter shift() {
        return shift;
    }

    /** Returns the running mean, {@code [channels]}. */
    public StateBuffer runningMean() {
        return runningMean;
    }

    /** Returns the running variance, {@code [channels]}. */
    public StateBuffer runningVariance() {
        return runningVariance;
    }

    /** Returns ε. */
    public float epsilon() {
        return EPSILON;
    }

    @Override
    public int channels() {
        return channels;
    }

    /** Returns {@code γ / sqrt(Var + ε)}, with the running variance. */
    @Override
    public double factor(int channel) {
        double variance = runningVariance.value().array()[channel];
        return scale.value().array()[channel] / Math.sqrt(variance + EPSILON);
    }

    /** Returns {@code β − mean · factor}, with the running mean. */
    @Override
    public double offset(int channel) {
        return shift.value().array()[channel] - runningMean.value().array()[channel] * factor(channel);
    }

    /** Returns the activation after the normalization and the addition of the shortcut. */
    public Activation activation() {
        return activation;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 4 || input.extent(3) != channels) {
            throw new ShapeMismatchException("batch norm " + name, "[N, H, W, " + channels + "]", input);
        }
        return input;
    }

    /**
     * Computes {@code activation(norm(input) + residual)} in training.
     *
     * @param residual the summand, of the input's shape; null for none
     * @throws IllegalArgumentException if each channel has a single value, whose variance is undefined
     */
    @Override
    public Tensor forwardSum(Tensor input, @Nullable Tensor residual, Tape tape) {
        Shape shape = outputShape(input.shape());
        AffinePass.checkResidual(name, shape, residual);
        int pixels = shape.size() / channels;
        if (pixels < 2) {
            throw new IllegalArgumentException("batch norm " + name
                    + " needs more than one value per channel in training, got input " + shape
                    + ": use a larger batch or larger images");
        }
        Workspace workspace = tape.workspace();
        Shape vector = Shape.of(channels);
        Tensor mean = workspace.acquire(vector);
        Tensor inverseDeviation = workspace.acquire(vector);
        float[] variance = inverseDeviation.array();
        workspace
                .kernels(input)
                .normalization()
                .statistics(pixels, channels, input.storage(), mean.array(), variance, workspace.workers());
        if (!tape.isRepeated()) {
            moveRunningValues(mean.array(), variance, pixels);
        }
        for (int c = 0; c < channels; c++) {
            variance[c] = inverseDeviation(variance[c]);
        }
        Tensor output = workspace.acquire(shape, input.format());
        Tensor affine = affine(mean.array(), inverseDeviation.array(), workspace);
        AffinePass.apply(input, affine, residual, activation, output, workspace);
        new Saved(input, mean, inverseDeviation, affine, output).save(tape);
        return output;
    }

    private void moveRunningValues(float[] mean, float[] variance, int pixels) {
        float[] runningMeans = runningMean.value().array();
        float[] runningVariances = runningVariance.value().array();
        for (int c = 0; c < channels; c++) {
            float unbiased = (float) ((double) variance[c] * pixels / (pixels - 1));
            runningMeans[c] += MOMENTUM * (mean[c] - runningMeans[c]);
            runningVariances[c] += MOMENTUM * (unbiased - runningVariances[c]);
        }
    }

    private static float inverseDeviation(float variance) {
        return (float) (1 / Math.sqrt((double) variance + EPSILON));
    }

    /**
     * Returns normalization, gamma and beta combined into one factor and one summand per channel, {@code [2,
     * channels]}.
     */
    private Tensor affine(float[] mean, float[] inverseDeviation, Workspace workspace) {
        Tensor affine = workspace.acquire(Shape.of(2, channels));
        float[] array = affine.array();
        for (int c = 0; c < channels; c++) {
            array[c] = scale.value().array()[c] * inverseDeviation[c];
            array[channels + c] = shift.value().array()[c] - mean[c] * array[c];
        }
        return affine;
    }

    /**
     * Computes the gradients of {@link #forward}. The input gradient is deferred. It overwrites {@code outputGradient}
     * unless that is shared.
     */
    @Override
    public Gradient backward(Gradient outputGradient, Tape tape) {
        Workspace workspace = tape.workspace();
        Tensor dy = outputGradient.read(workspace);
        Saved saved = Saved.restore(tape);
        workspace.release(saved.output);
        return workspace.isShared(dy)
                ? defer(saved, null, dy, workspace.acquire(dy.shape(), dy.format()), List.of(dy), workspace)
                : defer(saved, null, dy, dy, List.of(), workspace);
    }

    /**
     * Computes the gradients of {@link #forwardSum} with a residual. The input gradient is deferred. The gradient by
     * the residual overwrites {@code outputGradient}; both share its buffer until the deferred gradient is read.
     */
    @Override
    public Gradients backwardSum(Gradient outputGradient, Tape tape) {
        Workspace workspace = tape.workspace();
        Tensor d = outputGradient.readForWriting(workspace);
        Saved saved = Saved.restore(tape);
        Tensor dx = workspace.acquire(d.shape(), d.format());
        Gradient deferred = defer(saved, saved.output, d, dx, List.of(workspace.share(d)), workspace);
        workspace.release(saved.output);
        return new Gradients(deferred, Gradient.of(d));
    }

    /** Releases the result of the last {@link #forward} on the tape. */
    void forgetOutput(Tape tape) {
        tape.workspace().release(tape.restore());
    }

    /** Computes the result that {@link #forgetOutput} released again, and saves it in its place. */
    Tensor repeatOutput(Tape tape) {
        Workspace workspace = tape.workspace();
        Saved forgotten = Saved.restoreWithout(tape);
        Tensor input = forgotten.input;
        Saved saved = forgotten.with(workspace.acquire(input.shape(), input.format()));
        AffinePass.apply(input, saved.affine, null, activation, saved.output, workspace);
        saved.save(tape);
        return saved.output;
    }

    /** The tensors that forward saves for backward. */
    private record Saved(Tensor input, Tensor mean, Tensor inverseDeviation, Tensor affine, Tensor output) {
        void save(Tape tape) {
            tape.save(input);
            tape.save(mean);
            tape.save(inverseDeviation);
            tape.save(affine);
            tape.save(output);
        }

        static Saved restore(Tape tape) {
            Tensor output = tape.restore();
            return restoreWithout(tape).with(output);
        }

        /** Restores the tensors that were saved before the output; the input stands in its place. */
        static Saved restoreWithout(Tape tape) {
            Tensor affine = tape.restore();
            Tensor inverseDeviation = tape.restore();
            Tensor mean = tape.restore();
            Tensor input = tape.restore();
            return new Saved(input, mean, inverseDeviation, affine, input);
        }

        Saved with(Tensor otherOutput) {
            return new Saved(input, mean, inverseDeviation, affine, otherOutput);
        }
    }

    /**
     * Adds to the gradients of the parameters and defers the input gradient.
     *
     * @param sum the result of forward, if it added a residual; {@code dy} then becomes the gradient by the residual
     * @param dx the buffer for the input gradient
     * @param read other buffers that the computation reads, released after it
     */
    private Gradient defer(
            Saved saved, @Nullable Tensor sum, Tensor dy, Tensor dx, List<Tensor> read, Workspace workspace) {
        Tensor means = workspace.acquire(Shape.of(2, channels));
        var forward = new NormalizationKernel.Forward(
                dy.size() / channels,
                channels,
                saved.input.storage(),
                saved.mean.array(),
                saved.inverseDeviation.array(),
                saved.affine.array(),
                sum == null ? null : sum.storage(),
                activation);
        var backward = new NormalizationKernel.Backward(
                dy.storage(),
                dx.storage(),
                scale.gradient().array(),
                shift.gradient().array(),
                means.array());
        LateGradient elements =
                workspace.kernels(dy).normalization().beginBackward(forward, backward, workspace.workers());
        var operands = new ArrayList<>(List.of(saved.mean, saved.inverseDeviation, saved.affine, means));
        operands.addAll(read);
        return new DeferredGradient(dx, elements, operands);
    }

    /** Computes {@code activation(norm(input) + residual)} in evaluation. */
    @Override
    public Tensor predictSum(Tensor input, @Nullable Tensor residual, Workspace workspace) {
        Tensor output = workspace.acquire(outputShape(input.shape()), input.format());
        Tensor deviations = workspace.acquire(Shape.of(channels));
        for (int c = 0; c < channels; c++) {
            deviations.array()[c] = inverseDeviation(runningVariance.value().array()[c]);
        }
        Tensor affine = affine(runningMean.value().array(), deviations.array(), workspace);
        AffinePass.apply(input, affine, residual, activation, output, workspace);
        workspace.release(affine);
        workspace.release(deviations);
        return output;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(scale, shift);
    }

    @Override
    public List<StateBuffer> buffers() {
        return List.of(runningMean, runningVariance);
    }
}
