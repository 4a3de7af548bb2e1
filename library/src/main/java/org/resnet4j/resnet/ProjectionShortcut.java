package org.resnet4j.resnet;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.resnet4j.kernel.Activation;
import org.resnet4j.layer.AffineLayer;
import org.resnet4j.layer.AvgPool2d;
import org.resnet4j.layer.BatchNorm2d;
import org.resnet4j.layer.Bias2d;
import org.resnet4j.layer.Conv2d;
import org.resnet4j.layer.Gradient;
import org.resnet4j.layer.Layer;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.Sequential;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.tensor.Tensor;

/**
 * A projection, S(x) = norm(conv1x1(x)). It maps the input to the shape of the sum (options B and C of the first paper,
 * section 4.1). With pre-activation it has no normalization, because the block's input was normalized already. Option D
 * averages pixels before the convolution.
 *
 * @since 0.1.0
 */
public final class ProjectionShortcut implements Shortcut {
    private final Sequential layers;

    private ProjectionShortcut(String name, List<Layer> layers) {
        this.layers = new Sequential(name, layers);
    }

    /** Returns a convolution with the stride, followed by normalization. */
    static ProjectionShortcut normalized(String name, int inChannels, int outChannels, int stride) {
        return new ProjectionShortcut(
                name,
                List.of(
                        Conv2d.same(name + ".0", inChannels, outChannels, 1, stride),
                        new BatchNorm2d(name + ".1", outChannels, Activation.NONE)));
    }

    /** Returns a convolution with the stride, followed by its bias. */
    static ProjectionShortcut biased(String name, int inChannels, int outChannels, int stride) {
        Conv2d convolution = Conv2d.same(name + ".0", inChannels, outChannels, 1, stride);
        return new ProjectionShortcut(
                name, List.of(convolution, new Bias2d(convolution.name(), outChannels, Activation.NONE)));
    }

    /** Returns an average pooling with the stride, followed by a convolution and normalization. */
    static ProjectionShortcut averaging(String name, int inChannels, int outChannels, int stride) {
        var layers = new ArrayList<Layer>();
        if (stride > 1) {
            layers.add(new AvgPool2d(name + ".0", stride));
        }
        layers.add(Conv2d.same(name + ".1", inChannels, outChannels, 1, 1));
        layers.add(new BatchNorm2d(name + ".2", outChannels, Activation.NONE));
        return new ProjectionShortcut(name, layers);
    }

    /** Returns a convolution with the stride and nothing after it. */
    static ProjectionShortcut bare(String name, int inChannels, int outChannels, int stride) {
        return new ProjectionShortcut(name, List.of(Conv2d.same(name, inChannels, outChannels, 1, stride)));
    }

    /** Returns the convolution and the layers before and after it. */
    public Sequential layers() {
        return layers;
    }

    /** Returns the average pooling before the convolution, if any. */
    public Optional<AvgPool2d> pool() {
        return layers.layers().getFirst() instanceof AvgPool2d pool ? Optional.of(pool) : Optional.empty();
    }

    /** Returns the 1x1 convolution. */
    public Conv2d convolution() {
        return (Conv2d) layers.layers().get(pool().isPresent() ? 1 : 0);
    }

    /** Returns the normalization or the bias after the convolution, if any. */
    public Optional<AffineLayer> norm() {
        return layers.layers().getLast() instanceof AffineLayer norm ? Optional.of(norm) : Optional.empty();
    }

    @Override
    public Tensor forward(Tensor input, Tape tape) {
        return layers.forward(input, tape);
    }

    @Override
    public Gradient backward(Gradient d, Tape tape) {
        return layers.backward(d, tape);
    }

    @Override
    public Tensor predict(Tensor input, Workspace workspace) {
        return layers.predict(input, workspace);
    }

    @Override
    public List<Parameter> parameters() {
        return layers.parameters();
    }

    @Override
    public List<StateBuffer> buffers() {
        return layers.buffers();
    }
}
