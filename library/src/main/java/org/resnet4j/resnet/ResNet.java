package org.resnet4j.resnet;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.resnet4j.layer.Conv2d;
import org.resnet4j.layer.Gradient;
import org.resnet4j.layer.Linear;
import org.resnet4j.layer.Network;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.Sequential;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * A trainable residual network: a stem, stages of {@linkplain ResidualBlock blocks}, global average pooling and a
 * linear layer.
 *
 * <p><b>Shapes.</b> Images {@code [N, H, W, inChannels]} of any size that the stem accepts; logits {@code [N,
 * classes]}. Parameters are named as in torchvision; with pre-activation, as in timm.
 *
 * @since 0.1.0
 */
public final class ResNet implements Network {
    private final ResNetSpec spec;
    private final Conv2d stem;
    private final Sequential body;
    private final Linear classifier;

    private ResNet(ResNetSpec spec) {
        var layers = new ResNetLayers(spec);
        this.spec = spec;
        stem = layers.stem();
        body = layers.body();
        classifier = layers.classifier();
    }

    /** Returns a network with initial weights drawn from a seed. The same seed gives the same bits. */
    public static ResNet create(ResNetSpec spec, long seed) {
        ResNet network = undrawn(spec);
        Initialization.draw(network.parameters(), network.blocks(), spec.block().zeroInitResidual(), seed);
        return network;
    }

    /**
     * Returns a network for loading weights or for inspection, in a fraction of the time of {@link #create}. Weights of
     * convolutions and of the linear layer are zeros; normalizations have gamma 1 and beta 0.
     */
    public static ResNet undrawn(ResNetSpec spec) {
        return new ResNet(spec);
    }

    /** Returns the description of the network. */
    public ResNetSpec spec() {
        return spec;
    }

    /** Returns the first convolution. */
    public Conv2d stem() {
        return stem;
    }

    /** Returns the layers between the first convolution and the linear layer, including the blocks. */
    public Sequential body() {
        return body;
    }

    /** Returns the linear layer. */
    public Linear classifier() {
        return classifier;
    }

    /** Returns the residual blocks, in the order of computation. */
    public List<ResidualBlock> blocks() {
        return body.layers().stream()
                .filter(ResidualBlock.class::isInstance)
                .map(ResidualBlock.class::cast)
                .toList();
    }

    @Override
    public int classes() {
        return spec.classes();
    }

    @Override
    public Tensor forward(Tensor images, Tape tape) {
        return classifier.forward(body.forward(stem.forward(images, tape), tape), tape);
    }

    @Override
    public void backward(Tensor logitsGradient, Tape tape) {
        Gradient gradient = Gradient.of(tape.workspace().share(logitsGradient));
        stem.backwardWeights(body.backward(classifier.backward(gradient, tape), tape), tape);
    }

    @Override
    public Tensor predict(Tensor images, Workspace workspace) {
        Tensor features = features(images, workspace);
        Tensor logits = classifier.predict(features, workspace);
        workspace.release(features);
        return logits;
    }

    /**
     * Computes the features, which are the input of the linear layer. The result belongs to the caller.
     *
     * @return {@code [N, features]}
     */
    public Tensor features(Tensor images, Workspace workspace) {
        Tensor first = stem.predict(images, workspace);
        Tensor features = body.predict(first, workspace);
        workspace.release(first);
        return features;
    }

    @Override
    public List<Parameter> parameters() {
        var all = new ArrayList<>(stem.parameters());
        all.addAll(body.parameters());
        all.addAll(classifier.parameters());
        return all;
    }

    @Override
    public List<StateBuffer> buffers() {
        return body.buffers();
    }

    @Override
    public Optional<Network> replica() {
        ResNet replica = undrawn(spec);
        List<Parameter> copies = replica.parameters();
        for (int i = 0; i < copies.size(); i++) {
            copies.get(i).shareValueOf(parameters().get(i));
        }
        return Optional.of(replica);
    }

    /** Returns the number of trainable parameters, counting each element. */
    public long parameterCount() {
        return parameters().stream()
                .mapToLong(parameter -> parameter.shape().size())
                .sum();
    }

    /**
     * Returns the shape of the logits for a batch of images.
     *
     * @param images {@code [N, H, W, inChannels]}
     * @return {@code [N, classes]}
     * @throws org.resnet4j.tensor.ShapeMismatchException if the network does not accept such images
     */
    public Shape outputShape(Shape images) {
        return classifier.outputShape(body.outputShape(stem.outputShape(images)));
    }
}
