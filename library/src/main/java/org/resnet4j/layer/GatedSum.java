package org.resnet4j.layer;

import java.util.ArrayList;
import java.util.List;
import org.resnet4j.kernel.GateKernel;
import org.resnet4j.kernel.LinearKernel;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * A sum with a weight for each element, computed from the block's input (second paper, section 3.1, after the highway
 * networks of Srivastava et al., 2015):
 *
 * <pre>
 *   gate      = sigmoid(W · s + b)                          [N, H, W, C]   a 1x1 convolution
 *   exclusive:      y = activation(gate · g(f) + (1 − gate) · s)
 *   shortcut only:  y = activation(       g(f) + (1 − gate) · s)
 * </pre>
 *
 * <p>With a large negative bias the gates are close to 0 initially, so the shortcut passes almost unchanged.
 */
public final class GatedSum extends WeighedSum {
    private final String gateName;
    private final int channels;
    private final boolean exclusive;
    private final Parameter weight;
    private final Parameter bias;

    /**
     * Creates gates whose weights are zeros; {@code org.resnet4j.resnet} initializes them.
     *
     * @param end the layer that computes g and the activation
     * @param gateName the path of the 1x1 convolution
     * @param exclusive true if the branch is gated as well
     */
    public GatedSum(SummingLayer end, String gateName, int channels, boolean exclusive) {
        super(end);
        this.gateName = gateName;
        this.channels = channels;
        this.exclusive = exclusive;
        weight = new Parameter(
                gateName + ".weight", Parameter.Role.CONVOLUTION_WEIGHT, Shape.of(1, 1, channels, channels));
        bias = new Parameter(gateName + ".bias", Parameter.Role.BIAS, Shape.of(channels));
    }

    private GatedSum(SummingLayer end, GatedSum other) {
        super(end);
        gateName = other.gateName;
        channels = other.channels;
        exclusive = other.exclusive;
        weight = other.weight;
        bias = other.bias;
    }

    @Override
    public String sumKind() {
        return exclusive ? "sum with an exclusive gate" : "sum with a gate on the shortcut";
    }

    @Override
    public GatedSum around(SummingLayer otherEnd) {
        return new GatedSum(otherEnd, this);
    }

    /** Returns the path of the 1x1 convolution. */
    public String gateName() {
        return gateName;
    }

    /** Returns true if the branch is gated as well. */
    public boolean isExclusive() {
        return exclusive;
    }

    /** Returns W, {@code [1, 1, channels, channels]}. */
    public Parameter weight() {
        return weight;
    }

    /** Returns b, {@code [channels]}. */
    public Parameter bias() {
        return bias;
    }

    private int pixels(Tensor tensor) {
        return tensor.size() / channels;
    }

    private Tensor gates(Tensor s, Workspace workspace) {
        Tensor gates = workspace.acquire(s.shape());
        Float32 shortcut = Float32.of(s, workspace);
        workspace
                .compute()
                .kernels()
                .linear()
                .forward(
                        pixels(s),
                        channels,
                        channels,
                        shortcut.array(),
                        weight.value().array(),
                        bias.value().array(),
                        gates.array(),
                        workspace.compute().workers());
        shortcut.release(workspace);
        workspace
                .compute()
                .kernels()
                .gate()
                .sigmoid(gates.size(), gates.array(), workspace.compute().workers());
        return gates;
    }

    private GateKernel.Mix mixing(Float32 f, Float32 s, Tensor gates) {
        return new GateKernel.Mix(f.array(), s.array(), gates.array(), exclusive);
    }

    private Tensor mix(Tensor f, Tensor s, Tensor gates, Workspace workspace) {
        Tensor sum = workspace.acquire(f.shape());
        Float32 branch = Float32.of(f, workspace);
        Float32 shortcut = Float32.of(s, workspace);
        workspace
                .compute()
                .kernels()
                .gate()
                .mix(
                        sum.size(),
                        mixing(branch, shortcut, gates),
                        sum.array(),
                        workspace.compute().workers());
        shortcut.release(workspace);
        branch.release(workspace);
        return workspace.exchange(sum, f.format());
    }

    @Override
    Tensor weigh(Tensor f, Tensor s, Tape tape) {
        Tensor gates = gates(s, tape.workspace());
        tape.save(f);
        tape.save(s);
        tape.save(gates);
        return mix(f, s, gates, tape.workspace());
    }

    @Override
    Tensor weighBackward(Tensor d, Tape tape) {
        Workspace workspace = tape.workspace();
        Tensor gates = tape.restore();
        Float32 s = Float32.of(tape.restore(), workspace);
        Float32 f = Float32.of(tape.restore(), workspace);
        Float32 gradient = Float32.of(d, workspace);
        int pixels = pixels(d);
        Tensor toBranch = workspace.acquire(d.shape());
        float[] dz = gates.array();
        workspace
                .compute()
                .kernels()
                .gate()
                .mixBackward(
                        d.size(),
                        mixing(f, s, gates),
                        gradient.array(),
                        toBranch.array(),
                        dz,
                        workspace.compute().workers());
        LinearKernel linear = workspace.compute().kernels().linear();
        linear.backwardWeights(
                pixels,
                channels,
                channels,
                s.array(),
                dz,
                weight.gradient().array(),
                bias.gradient().array(),
                workspace.compute().workers());
        Tensor throughGates = workspace.acquire(d.shape());
        linear.backwardData(
                pixels,
                channels,
                channels,
                dz,
                weight.value().array(),
                throughGates.array(),
                workspace.compute().workers());
        workspace.compute().add(throughGates, gradient.floats());
        gradient.writeBack(workspace);
        f.release(workspace);
        s.release(workspace);
        workspace.release(throughGates);
        workspace.release(gates);
        return workspace.exchange(toBranch, d.format());
    }

    @Override
    Tensor weigh(Tensor f, Tensor s, Workspace workspace) {
        Tensor gates = gates(s, workspace);
        Tensor sum = mix(f, s, gates, workspace);
        workspace.release(gates);
        return sum;
    }

    @Override
    public List<Parameter> parameters() {
        var all = new ArrayList<>(super.parameters());
        all.add(weight);
        all.add(bias);
        return all;
    }
}
