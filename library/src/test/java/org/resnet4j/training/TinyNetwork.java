package org.resnet4j.training;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.layer.LayerSummary;
import org.resnet4j.layer.Network;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * The smallest network with everything a session must keep: logits = images · w + bias, with one buffer, the running
 * mean of the images, that prediction subtracts first.
 */
public final class TinyNetwork implements Network {
    private static final float MOMENTUM = 0.1f;

    private final int features;
    private final int classes;
    private final Parameter weight;
    private final Parameter bias;
    private final StateBuffer mean;

    public TinyNetwork(int features, int classes) {
        this.features = features;
        this.classes = classes;
        Tensor start = Tensor.zeros(features, classes);
        var random = new Random(5);
        for (int i = 0; i < start.size(); i++) {
            start.array()[i] = (float) random.nextGaussian() * 0.1f;
        }
        weight = new Parameter("fc.weight", Parameter.Role.LINEAR_WEIGHT, start);
        bias = new Parameter("fc.bias", Parameter.Role.BIAS, Tensor.zeros(classes));
        mean = new StateBuffer("mean", Tensor.zeros(features));
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public Tensor forward(Tensor images, Tape tape) {
        int rows = images.shape().extent(0);
        float[] x = images.array();
        float[] running = mean.value().array();
        for (int feature = 0; feature < features; feature++) {
            float sum = 0;
            for (int row = 0; row < rows; row++) {
                sum += x[row * features + feature];
            }
            running[feature] += MOMENTUM * (sum / rows - running[feature]);
        }
        Tensor logits = linear(images, x, tape.workspace());
        tape.save(images);
        tape.save(logits);
        return logits;
    }

    @Override
    public void backward(Tensor logitsGradient, Tape tape) {
        Workspace workspace = tape.workspace();
        workspace.release(tape.restore());
        Tensor images = tape.restore();
        workspace
                .compute()
                .kernels()
                .linear()
                .backwardWeights(
                        images.shape().extent(0),
                        features,
                        classes,
                        images.array(),
                        logitsGradient.array(),
                        weight.gradient().array(),
                        bias.gradient().array(),
                        workspace.compute().workers());
    }

    @Override
    public Tensor predict(Tensor images, Workspace workspace) {
        Tensor centered = workspace.acquire(images.shape());
        for (int i = 0; i < images.size(); i++) {
            centered.array()[i] = images.array()[i] - mean.value().array()[i % features];
        }
        Tensor logits = linear(images, centered.array(), workspace);
        workspace.release(centered);
        return logits;
    }

    private Tensor linear(Tensor images, float[] x, Workspace workspace) {
        int rows = images.shape().extent(0);
        Tensor logits = workspace.acquire(Shape.of(rows, classes));
        Kernels kernels = workspace.compute().kernels();
        Workers workers = workspace.compute().workers();
        kernels.linear()
                .forward(
                        rows,
                        features,
                        classes,
                        x,
                        weight.value().array(),
                        bias.value().array(),
                        logits.array(),
                        workers);
        return logits;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(weight, bias);
    }

    @Override
    public List<StateBuffer> buffers() {
        return List.of(mean);
    }

    @Override
    public void describe(Shape images, Consumer<LayerSummary> lines) {}
}
