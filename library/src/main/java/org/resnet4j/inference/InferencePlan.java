package org.resnet4j.inference;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Stage;
import org.resnet4j.inference.engine.CompiledNetwork;
import org.resnet4j.inference.engine.Engine;
import org.resnet4j.inference.engine.PlanStep;
import org.resnet4j.inference.float32.Float32Engine;
import org.resnet4j.inference.float32.Float32Engine.Packing;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.tensor.NonFiniteScoresException;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

/**
 * A network compiled for prediction by an {@link Engine}; without a choice of engine, in float32. It checks images and results,
 * the engine computes.
 *
 * <p>A plan keeps nothing of the network that it was compiled from, and does not change. Any number of threads may call it
 * at once; each call borrows buffers that stay with the plan, so that after the first calls nothing is allocated. The
 * results have the same bits whatever the number of threads, whoever else calls, and whatever else is in the batch.
 */
public final class InferencePlan {
    private final ResNetSpec spec;
    private final CompiledNetwork network;
    private final List<Stage> stages;
    private final FeatureArrays spare = new FeatureArrays();

    private InferencePlan(ResNetSpec spec, CompiledNetwork network, List<Stage> stages) {
        this.spec = spec;
        this.network = network;
        this.stages = stages;
    }

    /**
     * Compiles a network in float32 as it is now; later changes of its weights do not reach the plan.
     *
     * @throws ShapeMismatchException if the network cannot take the images of the options
     */
    public static InferencePlan compile(ResNet network, PlanOptions options) {
        int channels = network.spec().inChannels();
        Graph graph = Graph.of(network, Shape.of(options.batch(), options.height(), options.width(), channels));
        Packing packing = switch (options.goal()) {
            case MANY_CALLS -> Packing.FASTEST_CALLS;
            case FIRST_CALL -> Packing.SOONEST;
        };
        return compile(graph, new Float32Engine(options.compute(), packing));
    }

    /**
     * Compiles a network as it is now by an engine of the caller's choice.
     *
     * @param graph for the images of a usual call
     */
    public static InferencePlan compile(Graph graph, Engine engine) {
        return new InferencePlan(graph.spec(), engine.compile(graph), Stage.of(graph));
    }

    /** Returns the description of the network. */
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

    /** Returns stem and stages, from the largest map of features to the smallest. */
    public List<Stage> stages() {
        return stages;
    }

    /**
     * Computes the features at the ends of stem and stages. The layers behind the last stage are not computed.
     *
     * @param images {@code [N, H, W, inChannels]}, of any size that the network can take
     * @return for each of the {@link #stages} {@code [N, H, W, channels]}, the caller's
     * @throws ShapeMismatchException if the network cannot take the images
     * @throws NonFiniteScoresException if a feature is NaN or infinite
     */
    public List<Tensor> featureMaps(Tensor images) {
        int batch = checked(images).extent(0);
        List<Tensor> maps =
                network.values(images, stages.stream().map(Stage::output).toList());
        for (Tensor map : maps) {
            NonFiniteScoresException.check(spec.name(), "feature", batch, map.array(), map.size() / batch);
        }
        return maps;
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
        int batch = images.shape().extent(0);
        float[] means = features == null ? spare.borrow(batch * spec.features()) : features;
        try {
            network.run(images, means, logits);
            NonFiniteScoresException.check(spec.name(), "feature", batch, means, spec.features());
            if (logits != null) {
                NonFiniteScoresException.check(spec.name(), "score", batch, logits, spec.classes());
            }
        } finally {
            if (features == null) {
                spare.giveBack(means);
            }
        }
    }

    /** The steps, for people. */
    public List<PlanStep> steps() {
        return network.steps();
    }

    /** Bytes of all packed weights. */
    public long weightBytes() {
        return steps().stream().mapToLong(PlanStep::weightBytes).sum();
    }

    /** Bytes of the buffers that one call works in, for the images that the plan was compiled for. */
    public long bufferBytes() {
        return network.bufferBytes();
    }
}
