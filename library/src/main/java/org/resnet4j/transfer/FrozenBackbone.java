package org.resnet4j.transfer;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.inference.PlanOptions;
import org.resnet4j.layer.Network;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.model.Model;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.loop.BatchSource;

/**
 * A network whose linear layer alone is trained. The layers below it run as an {@link InferencePlan} in evaluation
 * mode to compute features; their weights and running statistics keep every bit.
 *
 * <pre>{@code
 * var backbone = new FrozenBackbone(model, compute, 1L << 30);
 * var session = new LayerTrainingSession(backbone.head(), settings, compute);
 * var views = Views.training(dataset.size(), augmentation, loading);
 * var training = backbone.features(dataset, views);
 * }</pre>
 *
 * <p>The features of an image are the same bits whichever images are computed with it and for any number of threads.
 * For use by the thread that trains.
 */
public final class FrozenBackbone implements FeatureSource {
    private static final int CHUNK_FLOATS = 1 << 14;

    private final Model model;
    private final InferencePlan plan;
    private final FeatureMemory memory;

    /**
     * Compiles the backbone of a model in its current state.
     *
     * @param model model whose linear layer will be trained, in place
     * @param memory maximum bytes for cached features; 0 for no cache
     */
    public FrozenBackbone(Model model, Compute compute, long memory) {
        if (memory < 0) {
            throw new IllegalArgumentException("memory must be at least 0 bytes, got " + memory);
        }
        this.model = model;
        int size = model.transform().inputSize();
        plan = InferencePlan.compile(model.network(), new PlanOptions(compute, IMAGES_AT_A_TIME, size, size));
        this.memory = new FeatureMemory(memory);
    }

    /** Returns the linear layer as a network, whose images are features {@code [N, features]}. */
    public Network head() {
        return new ClassifierHead(model.network().classifier());
    }

    /** Returns batches of images as batches of their features, each computed on demand; nothing is cached. */
    public BatchSource features(BatchSource images) {
        return new ComputedFeatures(this, images);
    }

    /**
     * Returns batches of the features of a dataset. The features of a view are computed on first use and cached while
     * there is memory; a cached view needs neither its picture nor the network again.
     *
     * @param dataset closed by the caller, after the last batch
     * @param views samples and views of an epoch
     * @throws IllegalArgumentException if the views are not those of the dataset
     */
    public FeatureBatches features(Dataset dataset, Views views) {
        return new FeatureBatches(this, dataset, model.transform(), views, memory);
    }

    @Override
    public int length() {
        return plan.spec().features();
    }

    @Override
    public void compute(Tensor images, Tensor features) {
        plan.features(images, features);
    }

    /** Returns the bytes needed to cache all views of a dataset. */
    public long bytes(Views views) {
        return FeatureMemory.bytes(length()) * views.samples() * views.count();
    }

    /** Returns an identifier of the backbone: a checksum of all its weights and running statistics. */
    public String checksum() {
        ResNet network = model.network();
        var crc = new CRC32C();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_FLOATS * Float.BYTES);
        for (Parameter parameter : network.parameters()) {
            if (!network.classifier().parameters().contains(parameter)) {
                update(crc, chunk, parameter.value());
            }
        }
        for (StateBuffer buffer : network.buffers()) {
            update(crc, chunk, buffer.value());
        }
        return "crc32c:" + Long.toHexString(crc.getValue());
    }

    private static void update(CRC32C crc, ByteBuffer chunk, Tensor tensor) {
        for (int start = 0; start < tensor.size(); start += CHUNK_FLOATS) {
            int count = Math.min(CHUNK_FLOATS, tensor.size() - start);
            chunk.clear();
            chunk.asFloatBuffer().put(tensor.array(), start, count);
            crc.update(chunk.limit(count * Float.BYTES));
        }
    }
}
