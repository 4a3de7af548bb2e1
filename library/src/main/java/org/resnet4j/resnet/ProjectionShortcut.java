package org.resnet4j.resnet;

import java.util.List;
import java.util.function.Consumer;
import org.resnet4j.layer.BatchNorm2d;
import org.resnet4j.layer.Conv2d;
import org.resnet4j.layer.LayerSummary;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.Sequential;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * S(x) = norm(conv 1x1 (x)): brings the input to the size and the number of channels of the sum (options B and C of the
 * first paper, section 4.1).
 */
public final class ProjectionShortcut implements Shortcut {
    private final Sequential layers;

    ProjectionShortcut(String name, int inChannels, int outChannels, int stride) {
        var convolution = Conv2d.same(name + ".0", inChannels, outChannels, 1, stride);
        layers = new Sequential(
                name, List.of(convolution, new BatchNorm2d(name + ".1", outChannels, BatchNorm2d.Activation.NONE)));
    }

    /** The convolution and its normalisation. */
    public Sequential layers() {
        return layers;
    }

    @Override
    public Tensor forward(Tensor input, Tape tape) {
        return layers.forward(input, tape);
    }

    @Override
    public Tensor backward(Tensor sumGradient, Tape tape) {
        return layers.backward(sumGradient, tape);
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

    @Override
    public void describe(Shape input, Consumer<LayerSummary> lines) {
        layers.describe(input, lines);
    }
}
