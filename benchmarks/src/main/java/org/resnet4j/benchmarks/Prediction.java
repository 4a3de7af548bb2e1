package org.resnet4j.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Graph;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.inference.bfloat16.BFloat16Engine;
import org.resnet4j.inference.engine.Engine;
import org.resnet4j.inference.int8.Calibration;
import org.resnet4j.inference.int8.Int8Engine;
import org.resnet4j.inference.int8.Quantization;
import org.resnet4j.kernel.vector.VectorKernels;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.Workspace;
import org.resnet4j.onnx.OnnxFile;
import org.resnet4j.onnx.OnnxOptions;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.StateDict;
import org.resnet4j.weights.torch.TorchFile;

/**
 * The task of every engine: the same network on the same images. Both depend only on the workload.
 *
 * @param workload the network and batch
 * @param network the network with its weights
 * @param images the images, {@code [N, H, W, C]}
 * @param quantization the numbers of the network in int8, computed on first use
 */
public record Prediction(Workload workload, ResNet network, Tensor images, Supplier<Quantization> quantization) {
    /** The name of the images among the tensors. */
    static final String IMAGES = "images";

    private static final int SEED = 1;

    /** The number of images by which the ranges of the values are measured. */
    private static final int SAMPLES = 8;

    /** Draws the weights and the images. */
    static Prediction of(Workload workload) {
        ResNet network = ResNet.create(workload.spec(), SEED);
        drawNormalization(network);
        return new Prediction(workload, network, GaussianImages.of(workload), new Quantized(workload, network));
    }

    /** Returns the same network with another batch. */
    Prediction withBatch(int batch) {
        Workload changed = workload.withBatch(batch);
        return new Prediction(changed, network, GaussianImages.of(changed), quantization);
    }

    /** The numbers of a network in int8. They depend on the network alone, not on the batch. */
    private static final class Quantized implements Supplier<Quantization> {
        private final Workload samples;
        private final ResNet network;
        private @Nullable Quantization computed;

        Quantized(Workload workload, ResNet network) {
            this.samples = workload.withBatch(SAMPLES);
            this.network = network;
        }

        @Override
        public synchronized Quantization get() {
            Quantization known = computed;
            if (known == null) {
                try (var compute = Compute.best(Runtime.getRuntime().availableProcessors())) {
                    var calibration = new Calibration(Graph.of(network, samples.size()), compute);
                    calibration.add(GaussianImages.of(samples));
                    known = calibration.quantization(Calibration.Rule.MIN_MAX, Set.of());
                }
                computed = known;
            }
            return known;
        }
    }

    /**
     * Writes the network as ONNX, for the peers that read it.
     *
     * @param anyBatch true for batches of any size, false for that of the workload
     */
    public void writeOnnx(Path file, Precision precision, boolean anyBatch) throws IOException {
        OnnxOptions free = OnnxOptions.of(workload.spec());
        OnnxOptions options = anyBatch ? free : free.withBatch(workload.batch());
        switch (precision) {
            case FLOAT32 -> OnnxFile.write(file, network, options);
            case INT8 -> OnnxFile.write(file, network, new QuantizedNumbers(quantization.get()), options);
            case BFLOAT16 -> throw new IllegalArgumentException("no peer reads ONNX files in bfloat16");
        }
    }

    /** Writes the weights and then the images, {@code [N, H, W, C]}, as a {@code torch.save} file. */
    void writeTensors(Path file) throws IOException {
        StateDict tensors = ResNetState.stateDict(network);
        tensors.put(IMAGES, images);
        TorchFile.write(file, tensors);
    }

    /** Computes the expected logits, in another way than the peers. */
    float[] expected(Precision precision) {
        return switch (precision) {
            case FLOAT32 -> logitsByLayers();
            case INT8 -> logits(compute -> new Int8Engine(compute, VectorKernels.int8(), quantization.get()));
            case BFLOAT16 -> logits(compute -> new BFloat16Engine(compute, VectorKernels.bfloat16()));
        };
    }

    /** Computes the logits with an engine that does not use machine code. */
    private float[] logits(Function<Compute, Engine> engine) {
        try (var compute = Compute.best(Runtime.getRuntime().availableProcessors())) {
            return InferencePlan.compile(Graph.of(network, images.shape()), engine.apply(compute))
                    .predict(images)
                    .array();
        }
    }

    /** Computes the logits layer by layer, without a plan. */
    float[] logitsByLayers() {
        try (var compute = Compute.best(Runtime.getRuntime().availableProcessors())) {
            Tensor logits = network.predict(images, new Workspace(compute));
            return Arrays.copyOf(logits.array(), logits.size());
        }
    }

    /**
     * Fills the normalization parameters with values as after training. The last gamma of each branch is small: with
     * fixed statistics, nothing else limits the sums in a deep network.
     */
    private static void drawNormalization(ResNet network) {
        var random = new Random(SEED);
        for (Parameter parameter : network.parameters()) {
            switch (parameter.role()) {
                case NORM_SCALE -> fillUniform(parameter.value(), 0.8f, 1.2f, random);
                case NORM_SHIFT -> fillUniform(parameter.value(), -0.2f, 0.2f, random);
                case CONVOLUTION_WEIGHT, LINEAR_WEIGHT, BIAS -> {
                    // already drawn
                }
            }
        }
        network.blocks().forEach(block -> fillUniform(block.lastNorm().scale().value(), 0.1f, 0.3f, random));
        for (StateBuffer buffer : network.buffers()) {
            boolean mean = buffer.name().endsWith("running_mean");
            fillUniform(buffer.value(), mean ? -0.2f : 0.5f, mean ? 0.2f : 1.5f, random);
        }
    }

    private static void fillUniform(Tensor tensor, float least, float most, Random random) {
        for (int i = 0; i < tensor.size(); i++) {
            tensor.array()[i] = random.nextFloat(least, most);
        }
    }
}
