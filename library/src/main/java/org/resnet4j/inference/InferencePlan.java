package org.resnet4j.inference;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.PackedConvolution;
import org.resnet4j.layer.Linear;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.tensor.NonFiniteScoresException;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

/**
 * A network compiled for prediction: batch normalisation is folded into the convolutions, bias, shortcut and ReLU are part
 * of them, weights are packed once in the form of the algorithm that suits each layer, and few buffers serve all layers.
 *
 * <p>In a batch the first operations, whose images are large and whose weights are small, run image by image, so that an
 * image stays in the cache from one operation to the next; the others run on all images at once, so that weights are read
 * once for many images.
 *
 * <p>A plan keeps nothing of the network that it was compiled from, and does not change. Any number of threads may call it
 * at once; each call borrows buffers that stay with the plan, so that after the first calls nothing is allocated. The
 * results have the same bits whatever the number of threads, whoever else calls, and whatever else is in the batch.
 */
public final class InferencePlan {
    private final ResNetSpec spec;
    private final Kernels kernels;
    private final Workers workers;
    private final List<Operation> operations;
    private final PackedConvolution classifier;
    private final ConvolutionShape classifierShape;
    private final PlanOptions options;

    /** For what single images are computed by, in the threads of the workers. */
    private final Workers alone = new Workers(1);

    /** How many operations run image by image in a batch. */
    private final int front;

    private final BufferPool whole;
    private final BufferPool single;
    private final BufferPool back;

    private InferencePlan(
            ResNetSpec spec, PlanOptions options, List<Operation> operations, PackedConvolution classifier) {
        this.spec = spec;
        this.options = options;
        this.kernels = options.kernels();
        this.workers = options.workers();
        this.operations = List.copyOf(operations);
        this.classifier = classifier;
        this.classifierShape = classifierShape(spec, options.batch());
        int count = operations.size();
        front = Front.length(operations);
        whole = new BufferPool(operations, 0, count);
        single = new BufferPool(operations, 0, front);
        back = new BufferPool(operations, front, count);
    }

    /** The linear layer is a 1x1 convolution over an image of one pixel for each row. */
    private static ConvolutionShape classifierShape(ResNetSpec spec, int rows) {
        return ConvolutionShape.matrix(rows, spec.features(), spec.classes());
    }

    /**
     * Compiles a network as it is now; later changes of its weights do not reach the plan.
     *
     * @throws ShapeMismatchException if the network cannot take the images of the options
     */
    public static InferencePlan compile(ResNet network, PlanOptions options) {
        List<Operation> operations = PlanBuilder.build(network, options);
        Linear linear = network.classifier();
        PackedConvolution classifier = options.kernels()
                .prediction()
                .pack(
                        classifierShape(network.spec(), options.batch()),
                        linear.weight().value().array(),
                        linear.bias().value().array(),
                        false);
        return new InferencePlan(network.spec(), options, operations, classifier);
    }

    /** What the network is. */
    public ResNetSpec spec() {
        return spec;
    }

    /**
     * Computes the scores of the classes.
     *
     * @param images {@code [N, H, W, inChannels]}
     * @return {@code [N, classes]}, the caller's
     * @throws ShapeMismatchException if the network cannot take the images
     * @throws NonFiniteScoresException if a score is NaN or infinite
     */
    public Tensor predict(Tensor images) {
        Tensor logits = Tensor.zeros(checked(images).extent(0), spec.classes());
        predict(images, logits);
        return logits;
    }

    /**
     * Computes the scores of the classes.
     *
     * @param images {@code [N, H, W, inChannels]}
     * @param logits receives {@code [N, classes]}
     * @throws ShapeMismatchException if a tensor has another shape
     * @throws NonFiniteScoresException if a result is NaN or infinite
     */
    public void predict(Tensor images, Tensor logits) {
        check("logits", Shape.of(checked(images).extent(0), spec.classes()), logits);
        compute(images, null, logits.array());
    }

    /**
     * Computes the scores of the classes, and what the linear layer sees.
     *
     * @param images {@code [N, H, W, inChannels]}
     * @param features receives {@code [N, features]}
     * @param logits receives {@code [N, classes]}
     * @throws ShapeMismatchException if a tensor has another shape
     * @throws NonFiniteScoresException if a result is NaN or infinite
     */
    public void predict(Tensor images, Tensor features, Tensor logits) {
        int count = checked(images).extent(0);
        check("features", Shape.of(count, spec.features()), features);
        check("logits", Shape.of(count, spec.classes()), logits);
        compute(images, features.array(), logits.array());
    }

    /**
     * Computes what the linear layer sees: an image as a vector.
     *
     * @param images {@code [N, H, W, inChannels]}
     * @param features receives {@code [N, features]}
     * @throws ShapeMismatchException if a tensor has another shape
     * @throws NonFiniteScoresException if a result is NaN or infinite
     */
    public void features(Tensor images, Tensor features) {
        check("features", Shape.of(checked(images).extent(0), spec.features()), features);
        compute(images, features.array(), null);
    }

    private Shape checked(Tensor images) {
        Shape shape = images.shape();
        if (shape.rank() != 4 || shape.extent(3) != spec.inChannels() || shape.size() == 0) {
            throw new ShapeMismatchException(
                    "prediction with " + spec.name(),
                    "[N, H, W, " + spec.inChannels() + "] with N, H and W at least 1",
                    shape);
        }
        return shape;
    }

    private static void check(String what, Shape expected, Tensor actual) {
        if (!actual.shape().equals(expected)) {
            throw new ShapeMismatchException(what, expected.toString(), actual.shape());
        }
    }

    private void compute(Tensor images, float @Nullable [] features, float @Nullable [] logits) {
        Shape shape = images.shape();
        int batch = shape.extent(0);
        int height = shape.extent(1);
        int width = shape.extent(2);
        boolean together = batch == 1 || front == 0;
        BufferPool pool = together ? whole : back;
        PlanBuffers buffers = pool.borrow(batch, height, width);
        try {
            if (!together) {
                imageByImage(images, buffers.before());
            }
            buffers.run(images.array(), kernels, workers);
            ConvolutionShape last = buffers.last();
            int pixels = last.outHeight() * last.outWidth();
            float[] means = features == null ? buffers.features(batch * spec.features()) : features;
            kernels.pooling().averageForward(batch, pixels, last.outChannels(), buffers.result(), means, workers);
            NonFiniteScoresException.check(spec.name(), "feature", batch, means, spec.features());
            if (logits != null) {
                classify(batch, means, logits);
                NonFiniteScoresException.check(spec.name(), "score", batch, logits, spec.classes());
            }
        } finally {
            pool.giveBack(buffers);
        }
    }

    /**
     * The first operations, each image by one thread from the first to the last; the images that are left over when every
     * thread has had as many as the others, one after the other by all threads.
     */
    private void imageByImage(Tensor images, float[] results) {
        int batch = images.shape().extent(0);
        int even = batch - batch % workers.threads();
        workers.run(even, (image, scratch) -> front(images, image, results, alone));
        for (int image = even; image < batch; image++) {
            front(images, image, results, workers);
        }
    }

    private void front(Tensor images, int image, float[] results, Workers by) {
        int height = images.shape().extent(1);
        int width = images.shape().extent(2);
        int length = height * width * spec.inChannels();
        PlanBuffers buffers = single.borrow(1, height, width);
        try {
            float[] input = buffers.images(length);
            System.arraycopy(images.array(), image * length, input, 0, length);
            buffers.run(input, kernels, by);
            int size = buffers.last().outputSize();
            System.arraycopy(buffers.result(), 0, results, image * size, size);
        } finally {
            single.giveBack(buffers);
        }
    }

    private void classify(int count, float[] features, float[] logits) {
        ConvolutionShape shape =
                count == classifierShape.width() ? classifierShape : classifierShape.withImages(1, 1, count);
        classifier.run(shape, features, logits, false, workers);
    }

    /** The steps, for people. */
    public List<PlanStep> steps() {
        var steps = new ArrayList<PlanStep>();
        for (Operation operation : operations) {
            steps.add(operation.describe());
        }
        Shape features = Shape.of(options.batch(), spec.features());
        steps.add(new PlanStep("avgpool", "global average pool", "direct", features, 0, 0));
        steps.add(new PlanStep(
                spec.classifier(),
                "linear + bias",
                classifier.algorithm(),
                Shape.of(options.batch(), spec.classes()),
                classifierShape.multiplyAdds(),
                classifier.bytes()));
        return steps;
    }

    /** Bytes of all packed weights. */
    public long weightBytes() {
        return steps().stream().mapToLong(PlanStep::weightBytes).sum();
    }

    /** Bytes of the buffers that one call works in, for the images that the plan was compiled for. */
    public long bufferBytes() {
        int batch = options.batch();
        int height = options.height();
        int width = options.width();
        if (batch == 1 || front == 0) {
            return whole.bytes(batch, height, width);
        }
        return back.bytes(batch, height, width) + workers.threads() * single.bytes(1, height, width);
    }
}
