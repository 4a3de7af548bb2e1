package org.resnet4j.layer;

import java.util.List;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

/**
 * The fully connected layer, {@code y = x · W + b}.
 *
 * <p><b>Shapes.</b> Input {@code [N, inFeatures]}, output {@code [N, outFeatures]}, weights
 * {@code [inFeatures, outFeatures]}.
 */
public final class Linear implements Layer {
    private final String name;
    private final int inFeatures;
    private final int outFeatures;
    private final Parameter weight;
    private final Parameter bias;

    /** Creates a layer whose weights are zeros; {@code org.resnet4j.resnet} initializes them. */
    public Linear(String name, int inFeatures, int outFeatures) {
        this(name, inFeatures, outFeatures, Shape.of(inFeatures, outFeatures));
    }

    private Linear(String name, int inFeatures, int outFeatures, Shape weightShape) {
        this.name = name;
        this.inFeatures = inFeatures;
        this.outFeatures = outFeatures;
        this.weight = new Parameter(name + ".weight", Parameter.Role.LINEAR_WEIGHT, weightShape);
        this.bias = new Parameter(name + ".bias", Parameter.Role.BIAS, Tensor.zeros(outFeatures));
    }

    /** Returns a layer whose weights have the shape of a 1x1 convolution, {@code [1, 1, inFeatures, outFeatures]}. */
    public static Linear pointwise(String name, int inFeatures, int outFeatures) {
        return new Linear(name, inFeatures, outFeatures, Shape.of(1, 1, inFeatures, outFeatures));
    }

    @Override
    public String name() {
        return name;
    }

    /** Returns the weights, {@code [inFeatures, outFeatures]}. */
    public Parameter weight() {
        return weight;
    }

    /** Returns the bias, {@code [outFeatures]}. */
    public Parameter bias() {
        return bias;
    }

    /** Returns the number of input features. */
    public int inFeatures() {
        return inFeatures;
    }

    /** Returns the number of output features. */
    public int outFeatures() {
        return outFeatures;
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 2 || input.extent(1) != inFeatures) {
            throw new ShapeMismatchException("linear " + name, "[N, " + inFeatures + "]", input);
        }
        return Shape.of(input.extent(0), outFeatures);
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
        int rows = input.shape().extent(0);
        Tensor inputGradient = workspace.acquire(input.shape());
        workspace
                .compute()
                .kernels()
                .linear()
                .backwardWeights(
                        rows,
                        inFeatures,
                        outFeatures,
                        input.array(),
                        dy.array(),
                        weight.gradient().array(),
                        bias.gradient().array(),
                        workspace.compute().workers());
        workspace
                .compute()
                .kernels()
                .linear()
                .backwardData(
                        rows,
                        inFeatures,
                        outFeatures,
                        dy.array(),
                        weight.value().array(),
                        inputGradient.array(),
                        workspace.compute().workers());
        workspace.release(dy);
        return Gradient.of(inputGradient);
    }

    @Override
    public Tensor predict(Tensor input, Workspace workspace) {
        Tensor output = workspace.acquire(outputShape(input.shape()));
        workspace
                .compute()
                .kernels()
                .linear()
                .forward(
                        input.shape().extent(0),
                        inFeatures,
                        outFeatures,
                        input.array(),
                        weight.value().array(),
                        bias.value().array(),
                        output.array(),
                        workspace.compute().workers());
        return output;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(weight, bias);
    }
}
