package org.resnet4j.insight;

import java.util.ArrayList;
import java.util.List;
import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.graph.Passes;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.layer.Layer;
import org.resnet4j.layer.Workspace;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResidualBlock;
import org.resnet4j.tensor.NonFiniteScoresException;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * Grad-CAM (Selvaraju et al., 2017), a map of the regions on which a network bases its score for a class. It is a
 * weighted sum of the channels after the last residual block; the weight of a channel is the gradient of the class's
 * score by it.
 *
 * <p>The network is in evaluation, as for prediction. Only pooling, the linear layer and, with pre-activation, a
 * normalization and ReLU are between the last block and the logits, so the gradient is computed here layer by layer.
 *
 * @since 0.1.0
 */
public final class GradCam {
    /** The weighting of the channels. */
    public enum Method {
        /** The mean of the gradient over the pixels. */
        GRAD_CAM,
        /**
         * The positive part of the gradient, weighted for each pixel (Chattopadhay et al., 2018). It localizes several
         * objects of a class better.
         */
        GRAD_CAM_PLUS_PLUS
    }

    /** Keeps a quotient finite; the value of pytorch-grad-cam. */
    private static final double EPSILON = 1e-6;

    private final ResNet network;
    private final Tensor activations;
    private final Tensor scores;

    /** The operations after the last block, and the input of each. */
    private final List<Node> tail;

    private final List<Tensor> seen;

    private GradCam(ResNet network, Tensor activations, Tensor scores, List<Node> tail, List<Tensor> seen) {
        this.network = network;
        this.activations = activations;
        this.scores = scores;
        this.tail = tail;
        this.seen = seen;
    }

    /**
     * Evaluates a network on one image.
     *
     * @param image {@code [1, H, W, C]}, preprocessed as for prediction
     * @throws IllegalArgumentException if the batch does not have exactly one image
     * @throws NonFiniteScoresException if a logit is NaN or infinite
     */
    public static GradCam of(ResNet network, Tensor image, Compute compute) {
        return of(network, image, new Workspace(compute));
    }

    /** Computes {@link #of(ResNet, Tensor, Compute)} with the buffers of a workspace. */
    static GradCam of(ResNet network, Tensor image, Workspace workspace) {
        String block = network.blocks().getLast().name();
        return after(network, image.shape(), featureMaps(network, image, block, workspace), workspace);
    }

    /**
     * Continues from the output of the last block, in whatever number format it was computed. Of the network's weights,
     * only those of the layers after the block are used.
     *
     * @param image the shape of the image, {@code [1, H, W, C]}
     * @param activations the output of the last block for this image; not copied
     * @throws NonFiniteScoresException if a logit is NaN or infinite
     */
    public static GradCam after(ResNet network, Shape image, Tensor activations, Compute compute) {
        return after(network, image, activations, new Workspace(compute));
    }

    private static GradCam after(ResNet network, Shape image, Tensor activations, Workspace workspace) {
        checkOne(image);
        List<ResidualBlock> blocks = network.blocks();
        List<Layer> layers = network.body().layers();
        var seen = new ArrayList<Tensor>();
        Tensor value = activations;
        for (Layer layer : layers.subList(layers.indexOf(blocks.getLast()) + 1, layers.size())) {
            seen.add(value);
            Tensor next = layer.predict(value, workspace);
            if (next != value) {
                value = next.copy();
                workspace.release(next);
            }
        }
        Tensor logits = network.classifier().predict(value, workspace);
        Tensor scores = logits.copy();
        workspace.release(logits);
        NonFiniteScoresException.check(network.spec().name(), "score", 1, scores.array(), network.classes());
        return new GradCam(network, activations, scores, tail(Graph.of(network, image)), seen);
    }

    /** Returns the operations between the last block and the linear layer. Each is one layer. */
    private static List<Node> tail(Graph graph) {
        List<Node> nodes = Passes.fuseRelus(graph).nodes();
        int output = graph.blocks().getLast().output();
        int first = 0;
        while (nodes.get(first).id() <= output) {
            first++;
        }
        return nodes.subList(first, nodes.size() - 1);
    }

    /**
     * Computes the output of a block in evaluation.
     *
     * @param image {@code [1, H, W, C]}, preprocessed as for prediction
     * @param block the path of the block: {@code layer2.0}
     * @return {@code [1, H', W', C']}, the caller's
     * @throws IllegalArgumentException if there is no such block (the message lists the blocks) or the batch does not
     *     have exactly one image
     */
    public static Tensor featureMaps(ResNet network, Tensor image, String block, Compute compute) {
        return featureMaps(network, image, block, new Workspace(compute));
    }

    static Tensor featureMaps(ResNet network, Tensor image, String block, Workspace workspace) {
        checkOne(image.shape());
        List<String> names = network.blocks().stream().map(ResidualBlock::name).toList();
        if (!names.contains(block)) {
            throw new IllegalArgumentException(network.spec().name() + " has no block \"" + block
                    + "\"; its blocks are " + String.join(", ", names));
        }
        Tensor value = network.stem().predict(image, workspace);
        for (Layer layer : network.body().layers()) {
            Tensor next = layer.predict(value, workspace);
            workspace.releaseUnlessSame(value, next);
            value = next;
            if (layer instanceof ResidualBlock known && known.name().equals(block)) {
                Tensor maps = value.copy();
                workspace.release(value);
                return maps;
            }
        }
        throw new IllegalStateException("block " + block + " is not a layer of the network");
    }

    private static void checkOne(Shape image) {
        if (image.rank() != 4 || image.extent(0) != 1) {
            throw new IllegalArgumentException("expected one image [1, H, W, C], got " + image);
        }
    }

    /** Returns the logits, {@code [1, classes]}. */
    public Tensor scores() {
        return scores.copy();
    }

    /**
     * Returns the heat map of a class, with one value for each pixel after the last block.
     *
     * @throws IllegalArgumentException if there is no such class
     */
    public HeatMap heatMap(int classIndex, Method method) {
        if (classIndex < 0 || classIndex >= network.classes()) {
            throw new IllegalArgumentException("class " + classIndex + " is not from 0 to " + (network.classes() - 1));
        }
        double[] gradient = gradient(classIndex);
        Shape shape = activations.shape();
        int channels = shape.extent(3);
        int pixels = shape.size() / channels;
        double[] weights = switch (method) {
            case GRAD_CAM -> means(gradient, pixels, channels);
            case GRAD_CAM_PLUS_PLUS -> positiveParts(gradient, channels);
        };
        var map = new double[pixels];
        double largest = 0;
        for (int pixel = 0; pixel < pixels; pixel++) {
            for (int c = 0; c < channels; c++) {
                map[pixel] += weights[c] * activations.array()[pixel * channels + c];
            }
            map[pixel] = Math.max(0, map[pixel]);
            largest = Math.max(largest, map[pixel]);
        }
        var values = new float[pixels];
        for (int pixel = 0; pixel < pixels && largest > 0; pixel++) {
            values[pixel] = (float) (map[pixel] / largest);
        }
        return new HeatMap(shape.extent(1), shape.extent(2), values);
    }

    private static double[] means(double[] gradient, int pixels, int channels) {
        var means = new double[channels];
        for (int i = 0; i < gradient.length; i++) {
            means[i % channels] += gradient[i] / pixels;
        }
        return means;
    }

    private double[] positiveParts(double[] gradient, int channels) {
        var sums = new double[channels];
        for (int i = 0; i < gradient.length; i++) {
            sums[i % channels] += activations.array()[i];
        }
        var weights = new double[channels];
        for (int i = 0; i < gradient.length; i++) {
            double g = gradient[i];
            if (g > 0) {
                weights[i % channels] += g * (g * g / (2 * g * g + sums[i % channels] * g * g * g + EPSILON));
            }
        }
        return weights;
    }

    /** Returns the gradient of a class's score with respect to the output of the last block. */
    private double[] gradient(int classIndex) {
        float[] weight = network.classifier().weight().value().array();
        int classes = network.classes();
        var gradient = new double[network.classifier().inFeatures()];
        for (int c = 0; c < gradient.length; c++) {
            gradient[c] = weight[c * classes + classIndex];
        }
        for (int i = tail.size() - 1; i >= 0; i--) {
            gradient = backward(tail.get(i), seen.get(i), gradient);
        }
        return gradient;
    }

    private static double[] backward(Node node, Tensor input, double[] gradient) {
        return switch (node.operation()) {
            case Operation.GlobalAverage average -> throughMean(input, gradient);
            case Operation.MaxPool pool -> throughMaximum(pool.window(), input.array(), gradient);
            case Operation.Affine norm -> throughNorm(norm, node.epilogue().relu(), input.array(), gradient);
            case Operation.Relu relu -> throughRelu(input, gradient);
            case Operation.Convolution convolution -> throw unexpected(node);
            case Operation.AveragePool pool -> throw unexpected(node);
            case Operation.ZeroPadding padding -> throw unexpected(node);
            case Operation.SqueezeExcitation gate -> throw unexpected(node);
            case Operation.Sum sum -> throw unexpected(node);
            case Operation.Linear linear -> throw unexpected(node);
        };
    }

    private static IllegalArgumentException unexpected(Node node) {
        return new IllegalArgumentException("layer " + node.origin().layer() + ", a "
                + node.operation().getClass().getSimpleName() + ", cannot follow the last block");
    }

    private static double[] throughRelu(Tensor input, double[] gradient) {
        var open = gradient.clone();
        for (int i = 0; i < open.length; i++) {
            open[i] = input.array()[i] > 0 ? open[i] : 0;
        }
        return open;
    }

    private static double[] throughMean(Tensor input, double[] gradient) {
        int pixels = input.size() / gradient.length;
        var spread = new double[input.size()];
        for (int i = 0; i < spread.length; i++) {
            spread[i] = gradient[i % gradient.length] / pixels;
        }
        return spread;
    }

    private static double[] throughNorm(Operation.Affine norm, boolean relu, float[] input, double[] gradient) {
        int channels = norm.channels();
        var result = new double[gradient.length];
        for (int i = 0; i < result.length; i++) {
            int c = i % channels;
            boolean open = !relu || input[i] * norm.factor(c) + norm.offset(c) > 0;
            result[i] = open ? gradient[i] * norm.factor(c) : 0;
        }
        return result;
    }

    /** Passes the gradient to the first of the largest values of each window, as in PyTorch. */
    private static double[] throughMaximum(ConvolutionShape windows, float[] input, double[] gradient) {
        int channels = windows.inChannels();
        var result = new double[windows.inputSize()];
        for (int row = 0; row < windows.outHeight(); row++) {
            for (int column = 0; column < windows.outWidth(); column++) {
                for (int c = 0; c < channels; c++) {
                    int best = -1;
                    for (int y = 0; y < windows.kernelHeight(); y++) {
                        for (int x = 0; x < windows.kernelWidth(); x++) {
                            int inRow = row * windows.stride() - windows.padding() + y;
                            int inColumn = column * windows.stride() - windows.padding() + x;
                            boolean inside = inRow >= 0
                                    && inRow < windows.height()
                                    && inColumn >= 0
                                    && inColumn < windows.width();
                            int at = (inRow * windows.width() + inColumn) * channels + c;
                            if (inside && (best < 0 || input[at] > input[best])) {
                                best = at;
                            }
                        }
                    }
                    result[best] += gradient[(row * windows.outWidth() + column) * channels + c];
                }
            }
        }
        return result;
    }
}
