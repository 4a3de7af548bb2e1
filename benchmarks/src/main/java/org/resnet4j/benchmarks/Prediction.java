package org.resnet4j.benchmarks;

import java.util.Arrays;
import java.util.Random;
import org.resnet4j.compute.Compute;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.Workspace;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.tensor.Tensor;

/**
 * The task of every engine: the same network on the same images. Both depend only on the workload.
 *
 * @param workload the network and batch
 * @param network the network with its weights
 * @param images the images, {@code [N, H, W, C]}
 */
public record Prediction(Workload workload, ResNet network, Tensor images) {
    private static final int SEED = 1;

    /** Draws the weights and the images. */
    static Prediction of(Workload workload) {
        ResNet network = ResNet.create(workload.spec(), SEED);
        drawNormalization(network);
        return new Prediction(workload, network, GaussianImages.of(workload));
    }

    /** Returns the same network with another batch. */
    Prediction withBatch(int batch) {
        Workload changed = workload.withBatch(batch);
        return new Prediction(changed, network, GaussianImages.of(changed));
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
