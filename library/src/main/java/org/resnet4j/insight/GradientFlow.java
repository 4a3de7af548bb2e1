package org.resnet4j.insight;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Graph;
import org.resnet4j.kernel.LossKernel;
import org.resnet4j.layer.Gradient;
import org.resnet4j.layer.Layer;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResidualBlock;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * The magnitudes of activations in the forward pass and of gradients in the backward pass of one training step, which
 * changes nothing.
 *
 * @param loss the cross-entropy, averaged over the images
 * @param signals the signals after the first convolution and after every block, in the order of computation
 * @param weights the weights of every convolution and of the linear layer
 * @since 0.1.0
 */
public record GradientFlow(double loss, List<Signal> signals, List<Weights> weights) {
    /**
     * The output of a layer or block.
     *
     * @param name the name of the layer or block
     * @param depth the number of convolutions on the longest path up to it, inclusive
     * @param activation the root mean square of the output
     * @param gradient the root mean square of the gradient of the loss with respect to the output
     */
    public record Signal(String name, int depth, double activation, double gradient) {}

    /**
     * The weights of a layer.
     *
     * @param name the name of the parameter
     * @param depth the number of the convolution on the longest path; a shortcut has the number of its block's last
     *     convolution
     * @param value the Euclidean norm of the weights
     * @param gradient the Euclidean norm of the gradient of the loss with respect to the weights
     */
    public record Weights(String name, int depth, double value, double gradient) {}

    public GradientFlow {
        signals = List.copyOf(signals);
        weights = List.copyOf(weights);
    }

    /** Returns the ratio of the gradient after the first block to that after the last: the share that arrives. */
    public double ratio() {
        return signals.get(1).gradient() / signals.getLast().gradient();
    }

    /**
     * Measures one step on a batch. Weights and running statistics are not changed; gradients are zeros afterwards.
     *
     * @param images {@code [N, H, W, C]}
     * @param labels the class of each image
     * @throws IllegalArgumentException if the numbers of labels and images differ, or a label is not a class of the
     *     network
     */
    public static GradientFlow measure(ResNet network, Tensor images, int[] labels, Compute compute) {
        return measure(network, images, labels, new Workspace(compute));
    }

    /** Computes {@link #measure(ResNet, Tensor, int[], Compute)} with the buffers of a workspace, which keeps them. */
    static GradientFlow measure(ResNet network, Tensor images, int[] labels, Workspace workspace) {
        Tensor targets = targets(labels, images.shape().extent(0), network.classes());
        List<StateBuffer> statistics = network.buffers();
        List<Tensor> kept =
                statistics.stream().map(buffer -> buffer.value().copy()).toList();
        clearGradients(network);
        try {
            return new Measurement(network, workspace).run(images, targets);
        } finally {
            clearGradients(network);
            for (int i = 0; i < kept.size(); i++) {
                float[] before = kept.get(i).array();
                System.arraycopy(before, 0, statistics.get(i).value().array(), 0, before.length);
            }
        }
    }

    private static Tensor targets(int[] labels, int images, int classes) {
        if (labels.length != images) {
            throw new IllegalArgumentException(labels.length + " labels for " + images + " images");
        }
        Tensor targets = Tensor.zeros(images, classes);
        for (int i = 0; i < images; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException("label " + labels[i] + " is not from 0 to " + (classes - 1));
            }
            targets.array()[i * classes + labels[i]] = 1;
        }
        return targets;
    }

    private static void clearGradients(ResNet network) {
        for (Parameter parameter : network.parameters()) {
            Arrays.fill(parameter.gradient().array(), 0f);
        }
    }

    /** Returns the root mean square of the elements. */
    private static double rootMeanSquare(Tensor tensor) {
        return norm(tensor) / Math.sqrt(tensor.size());
    }

    private static double norm(Tensor tensor) {
        double sum = 0;
        for (int i = 0; i < tensor.size(); i++) {
            double value = tensor.array()[i];
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    /** One step, measured layer by layer. */
    private static final class Measurement {
        private final ResNet network;
        private final Workspace workspace;
        private final Tape tape;
        private final List<Layer> layers = new ArrayList<>();

        Measurement(ResNet network, Workspace workspace) {
            this.network = network;
            this.workspace = workspace;
            this.tape = new Tape(workspace);
            layers.add(network.stem());
            layers.addAll(network.body().layers());
        }

        GradientFlow run(Tensor images, Tensor targets) {
            int count = layers.size();
            var activations = new double[count];
            Tensor value = images;
            for (int i = 0; i < count; i++) {
                value = layers.get(i).forward(value, tape);
                activations[i] = rootMeanSquare(value);
            }
            Tensor logits = network.classifier().forward(value, tape);
            int rows = targets.shape().extent(0);
            int classes = network.classes();
            LossKernel loss = workspace.compute().kernels().loss();
            double sum = loss.crossEntropy(rows, classes, logits.array(), targets.array(), 0);
            Tensor gradient = workspace.acquire(Shape.of(rows, classes));
            loss.crossEntropyBackward(rows, classes, logits.array(), targets.array(), 0, 1f / rows, gradient.array());
            var gradients = new double[count];
            gradient = replaced(gradient, network.classifier().backward(gradient, tape));
            for (int i = count - 1; i > 0; i--) {
                gradients[i] = rootMeanSquare(gradient);
                gradient = replaced(gradient, layers.get(i).backward(gradient, tape));
            }
            gradients[0] = rootMeanSquare(gradient);
            network.stem().backwardWeights(Gradient.of(gradient), tape);
            var depths = new Depths(Graph.of(network, images.shape()));
            return new GradientFlow(sum / rows, signals(depths, activations, gradients), weights(depths));
        }

        private Tensor replaced(Tensor gradient, Tensor before) {
            workspace.release(gradient);
            return before;
        }

        private List<Signal> signals(Depths depths, double[] activations, double[] gradients) {
            var signals = new ArrayList<Signal>();
            for (int i = 0; i < layers.size(); i++) {
                Layer layer = layers.get(i);
                if (i == 0 || layer instanceof ResidualBlock) {
                    String name = layer.name();
                    signals.add(new Signal(name, depths.of(name), activations[i], gradients[i]));
                }
            }
            return signals;
        }

        private static List<Weights> weights(Depths depths) {
            var weights = new ArrayList<Weights>();
            depths.parameters((parameter, depth) -> {
                switch (parameter.role()) {
                    case CONVOLUTION_WEIGHT, LINEAR_WEIGHT ->
                        weights.add(new Weights(
                                parameter.name(), depth, norm(parameter.value()), norm(parameter.gradient())));
                    case NORM_SCALE, NORM_SHIFT, BIAS -> {}
                }
            });
            return weights;
        }
    }
}
