package org.resnet4j.inference;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Stage;
import org.resnet4j.inference.bfloat16.BFloat16Engine;
import org.resnet4j.inference.engine.CompiledNetwork;
import org.resnet4j.inference.engine.Engine;
import org.resnet4j.inference.engine.PlanStep;
import org.resnet4j.inference.float32.Float32Engine;
import org.resnet4j.inference.int8.Int8Engine;
import org.resnet4j.inference.int8.Quantization;
import org.resnet4j.inference.step.Packing;
import org.resnet4j.kernel.Int8Kernel;
import org.resnet4j.kernel.Int8MapKernel;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.tensor.NonFiniteScoresException;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.tensor.Tensor.Format;

/**
 * A network compiled for prediction by an {@link Engine}; the default engine computes in float32. The plan checks
 * images and results; the engine computes.
 *
 * <p>A plan is immutable and keeps no reference to the network from which it was compiled. Any number of threads may
 * call it at once. Each call borrows buffers that stay with the plan, so that after the first calls nothing is
 * allocated. The results for an image have the same bits for any number of threads, whatever other calls are running
 * and whatever other images are in the batch.
 */
public final class InferencePlan {
    private final ResNetSpec spec;
    private final CompiledNetwork network;
    private final List<Stage> stages;

    /** The id of the output of the last block. */
    private final int lastBlock;

    private final FeatureArrays spare = new FeatureArrays();

    private InferencePlan(ResNetSpec spec, CompiledNetwork network, List<Stage> stages, int lastBlock) {
        this.spec = spec;
        this.network = network;
        this.stages = stages;
        this.lastBlock = lastBlock;
    }

    /**
     * Compiles a network as it is now, in the number format of the options; later changes of its weights do not affect the plan.
     *
     * @throws ShapeMismatchException if the network does not accept the images of the options
     */
    public static InferencePlan compile(ResNet network, PlanOptions options) {
        int channels = network.spec().inChannels();
        Graph graph = Graph.of(network, Shape.of(options.batch(), options.height(), options.width(), channels));
        Engine engine = switch (options.format()) {
            case FLOAT32 -> new Float32Engine(options.compute(), packing(options));
            case BFLOAT16 -> new BFloat16Engine(options.compute(), KernelLookup.bfloat16());
        };
        return compile(graph, engine);
    }

    private static Packing packing(PlanOptions options) {
        return switch (options.goal()) {
            case MANY_CALLS -> Packing.FASTEST_CALLS;
            case FIRST_CALL -> Packing.SOONEST;
        };
    }

    /**
     * Compiles a quantized network.
     *
     * @param network the network; only the weights of layers that are not quantized are read
     * @throws IllegalArgumentException if the quantization is not that of the network, or the options have another
     *     number format than float32, in which what is not quantized is computed
     */
    public static InferencePlan compile(ResNet network, PlanOptions options, Quantization quantization) {
        if (options.format() != Format.FLOAT32) {
            throw new IllegalArgumentException("a quantized network is computed in 8-bit integers, not in bfloat16");
        }
        int channels = network.spec().inChannels();
        Graph graph = Graph.of(network, Shape.of(options.batch(), options.height(), options.width(), channels));
        Int8Kernel kernel = KernelLookup.int8();
        Int8MapKernel maps = switch (options.goal()) {
            case MANY_CALLS -> kernel.maps();
            case FIRST_CALL -> KernelLookup.plainInt8Maps();
        };
        return compile(graph, new Int8Engine(options.compute(), kernel, maps, quantization));
    }

    /**
     * Compiles a network as it is now with the given engine.
     *
     * @param graph the graph, for the images of a usual call
     */
    public static InferencePlan compile(Graph graph, Engine engine) {
        int lastBlock = graph.blocks().getLast().output();
        return new InferencePlan(graph.spec(), engine.compile(graph), Stage.of(graph), lastBlock);
    }

    /** Returns the description of the network. */
    public ResNetSpec spec() {
        return spec;
    }

    /**
     * Computes the logits.
     *
     * @param images {@code [N, H, W, inChannels]}
     * @return the logits {@code [N, classes]}, the caller's
     * @throws ShapeMismatchException if the network does not accept the images
     * @throws NonFiniteScoresException if a logit is NaN or infinite
     */
    public Tensor predict(Tensor images) {
        Tensor logits = Tensor.zeros(checked(images).extent(0), spec.classes());
        predict(images, logits);
        return logits;
    }

    /**
     * Computes the logits.
     *
     * @param images {@code [N, H, W, inChannels]}
     * @param logits the tensor that receives the logits, {@code [N, classes]}
     * @throws ShapeMismatchException if a tensor has another shape
     * @throws NonFiniteScoresException if a result is NaN or infinite
     */
    public void predict(Tensor images, Tensor logits) {
        check("logits", Shape.of(checked(images).extent(0), spec.classes()), logits);
        compute(images, null, logits.array());
    }

    /**
     * Computes the features and the logits.
     *
     * @param images {@code [N, H, W, inChannels]}
     * @param features the tensor that receives the features, {@code [N, features]}
     * @param logits the tensor that receives the logits, {@code [N, classes]}
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
     * Computes the features, which are the input of the linear layer.
     *
     * @param images {@code [N, H, W, inChannels]}
     * @param features the tensor that receives the features, {@code [N, features]}
     * @throws ShapeMismatchException if a tensor has another shape
     * @throws NonFiniteScoresException if a result is NaN or infinite
     */
    public void features(Tensor images, Tensor features) {
        check("features", Shape.of(checked(images).extent(0), spec.features()), features);
        compute(images, features.array(), null);
    }

    /** Returns the stem and the stages, from the largest feature map to the smallest. */
    public List<Stage> stages() {
        return stages;
    }

    /**
     * Computes the feature maps at the ends of the stem and the stages. The layers after the last stage are not
     * computed.
     *
     * @param images {@code [N, H, W, inChannels]}, of any size that the network accepts
     * @return for each of the {@link #stages} {@code [N, H, W, channels]}, the caller's
     * @throws ShapeMismatchException if the network does not accept the images
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

    /**
     * Computes the output of the last block. The layers after it are not computed, and the result is not checked.
     *
     * @param images {@code [N, H, W, inChannels]}, of any size that the network accepts
     * @return {@code [N, H, W, channels]}, the caller's
     * @throws ShapeMismatchException if the network does not accept the images
     */
    public Tensor lastBlock(Tensor images) {
        checked(images);
        return network.values(images, List.of(lastBlock)).getFirst();
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

    /** Returns the steps, for display. */
    public List<PlanStep> steps() {
        return network.steps();
    }

    /** Returns the size of all packed weights in bytes. */
    public long weightBytes() {
        return steps().stream().mapToLong(PlanStep::weightBytes).sum();
    }

    /** Returns the size in bytes of the buffers that one call uses, for the images for which the plan was compiled. */
    public long bufferBytes() {
        return network.bufferBytes();
    }
}
