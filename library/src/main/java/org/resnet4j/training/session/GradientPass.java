package org.resnet4j.training.session;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.kernel.LossKernel;
import org.resnet4j.layer.Network;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.StepRandom;
import org.resnet4j.layer.StochasticDepth;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.support.Ranking;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.tensor.Tensor.Format;
import org.resnet4j.training.SessionSettings;

/** Images forward and backward through a network, with the buffers for it. For one thread. */
final class GradientPass {
    private static final float[] NONE = {};

    private final Network network;
    private final SessionSettings settings;
    private final Compute compute;
    private final Workspace workspace;
    private final Tape tape;
    private final Optional<StochasticDepth> stochasticDepth;

    /** A weight for each class; empty for none. */
    private final float[] weights;

    GradientPass(Network network, SessionSettings settings, Compute compute) {
        this.network = network;
        this.settings = settings;
        this.compute = compute;
        weights = new float[settings.classWeights().size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = settings.classWeights().get(i);
        }
        workspace = new Workspace(compute);
        tape = settings.recompute()
                ? Tape.frugal(workspace, settings.format())
                : new Tape(workspace, settings.format());
        stochasticDepth = settings.stochasticDepth() > 0
                ? Optional.of(new StochasticDepth(settings.stochasticDepth()))
                : Optional.empty();
    }

    /** Returns the buffers. */
    Workspace workspace() {
        return workspace;
    }

    /** Returns the gradients of the trained parameters. */
    List<Tensor> gradients(Predicate<Parameter> trains) {
        return network.parameters().stream()
                .filter(trains)
                .map(Parameter::gradient)
                .toList();
    }

    /** Returns the running statistics. */
    List<Tensor> statistics() {
        return network.buffers().stream().map(StateBuffer::value).toList();
    }

    /**
     * Adds the gradients of the sum of the losses, divided by a number of images.
     *
     * @param stepSeed seed of the random numbers
     * @param divisor number of images that the gradients are divided by
     */
    BatchMetrics addGradients(Batch batch, long stepSeed, long divisor) {
        tape.begin(new StepRandom(stepSeed, stochasticDepth));
        Tensor logits = network.forward(batch.images(), tape);
        float smoothing = (float) settings.labelSmoothing();
        BatchMetrics metrics = measure(batch, logits, smoothing, weights);
        Tensor dLogits = workspace.acquire(logits.shape());
        backward(batch, logits, divisor, dLogits);
        network.backward(dLogits, tape);
        workspace.release(dLogits);
        assert tape.isEmpty() : "backward left tensors on the tape";
        return metrics;
    }

    private void backward(Batch batch, Tensor logits, long divisor, Tensor dLogits) {
        LossKernel loss = compute.kernels().loss();
        int classes = classes(batch, logits);
        float smoothing = (float) settings.labelSmoothing();
        float scale = (float) (1.0 / divisor);
        float[] targets = batch.targets().array();
        if (weights.length == 0) {
            loss.crossEntropyBackward(
                    batch.size(), classes, logits.array(), targets, smoothing, scale, dLogits.array());
        } else {
            loss.weightedCrossEntropyBackward(
                    batch.size(), classes, logits.array(), targets, smoothing, weights, scale, dLogits.array());
        }
    }

    /**
     * Computes the metrics of a batch in evaluation, without label smoothing or class weights. Evaluation is in float32,
     * so the feature maps of half a batch take the buffers of a training step in bfloat16.
     */
    BatchMetrics score(Batch batch) {
        if (settings.format() == Format.FLOAT32 || batch.size() < 2) {
            return scoreWhole(batch);
        }
        int half = batch.size() / 2;
        return onPart(batch, 0, half, this::scoreWhole)
                .plus(onPart(batch, half, batch.size() - half, this::scoreWhole));
    }

    /** Runs a computation on some images of a batch, which are copied to a batch of their own. */
    BatchMetrics onPart(Batch batch, int row, int count, Function<Batch, BatchMetrics> computation) {
        Tensor images = rows(batch.images(), row, count);
        Tensor targets = rows(batch.targets(), row, count);
        BatchMetrics metrics =
                computation.apply(new Batch(images, Arrays.copyOfRange(batch.labels(), row, row + count), targets));
        workspace.release(images);
        workspace.release(targets);
        return metrics;
    }

    private Tensor rows(Tensor tensor, int row, int count) {
        Tensor part = workspace.acquire(tensor.shape().withBatch(count));
        int length = part.size() / count;
        System.arraycopy(tensor.array(), row * length, part.array(), 0, part.size());
        return part;
    }

    private BatchMetrics scoreWhole(Batch batch) {
        Tensor logits = network.predict(batch.images(), workspace);
        BatchMetrics metrics = measure(batch, logits, 0, NONE);
        workspace.release(logits);
        return metrics;
    }

    private BatchMetrics measure(Batch batch, Tensor logits, float smoothing, float[] classWeights) {
        int rows = batch.size();
        int classes = classes(batch, logits);
        LossKernel loss = compute.kernels().loss();
        float[] targets = batch.targets().array();
        double lossSum = classWeights.length == 0
                ? loss.crossEntropy(rows, classes, logits.array(), targets, smoothing)
                : loss.weightedCrossEntropy(rows, classes, logits.array(), targets, smoothing, classWeights);
        int top1 = 0;
        int top5 = 0;
        for (int row = 0; row < rows; row++) {
            int rank = Ranking.rank(logits.array(), row * classes, classes, batch.labels()[row]);
            top1 += rank < 1 ? 1 : 0;
            top5 += rank < 5 ? 1 : 0;
        }
        return new BatchMetrics(rows, isFinite(logits, rows * classes) ? lossSum : Double.NaN, top1, top5);
    }

    /** Returns true if all logits are finite. The loss alone does not reveal a logit of -Infinity in another class. */
    private static boolean isFinite(Tensor logits, int count) {
        for (int i = 0; i < count; i++) {
            if (!Float.isFinite(logits.array()[i])) {
                return false;
            }
        }
        return true;
    }

    private int classes(Batch batch, Tensor logits) {
        Shape expected = batch.targets().shape();
        if (expected.rank() != 2 || expected.extent(0) != batch.size()) {
            throw new ShapeMismatchException("targets of a batch", "[" + batch.size() + ", classes]", expected);
        }
        if (!logits.shape().equals(expected)) {
            throw new ShapeMismatchException("logits of the network", expected.toString(), logits.shape());
        }
        if (expected.extent(1) < 2) {
            throw new IllegalArgumentException(
                    "a network with one output learns nothing: its softmax is always 100 %; it takes two classes or"
                            + " more");
        }
        if (weights.length != 0 && weights.length != expected.extent(1)) {
            throw new IllegalArgumentException(
                    weights.length + " class weights for " + expected.extent(1) + " classes");
        }
        return expected.extent(1);
    }
}
