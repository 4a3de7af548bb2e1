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
 * A network of which the linear layer alone is trained. All below it is only asked for features, in evaluation: it runs as
 * an {@link InferencePlan}, and its weights and running statistics keep every bit.
 *
 * <pre>{@code
 * var backbone = new FrozenBackbone(model, compute, 1L << 30);
 * var session = new LayerTrainingSession(backbone.head(), settings, compute);
 * var views = Views.training(dataset.size(), augmentation, loading);
 * var training = backbone.features(dataset, views);
 * }</pre>
 *
 * <p>The features of an image are the same bits whichever images are computed with it and by however many threads. For the
 * thread that trains.
 */
public final class FrozenBackbone {
    /** Images that go through the backbone together, however many a step takes. */
    static final int IMAGES_AT_A_TIME = 32;

    private static final int CHUNK_FLOATS = 1 << 14;

    private final Model model;
    private final InferencePlan plan;
    private final FeatureMemory memory;

    /**
     * Compiles the backbone of a model as it is now.
     *
     * @param model whose linear layer will be trained, in place
     * @param memory bytes that may be taken to keep features; 0 for none
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

    /** The linear layer as a network, whose images are features {@code [N, features]}. */
    public Network head() {
        return new ClassifierHead(model.network().classifier());
    }

    /** Batches of images as batches of their features, each computed when its turn comes; nothing is kept. */
    public BatchSource features(BatchSource images) {
        return new ComputedFeatures(this, images);
    }

    /**
     * Batches of the features of a dataset. The features of each view are computed when it is shown first, and kept as long
     * as there is memory; a view that is kept needs neither its picture nor the network again.
     *
     * @param dataset stays the caller's to close, after the last batch
     * @param views which samples and views make up an epoch
     * @throws IllegalArgumentException if the views are not those of the dataset
     */
    public FeatureBatches features(Dataset dataset, Views views) {
        return new FeatureBatches(this, dataset, model.transform(), views, memory);
    }

    /** Floats in the features of an image. */
    int length() {
        return plan.spec().features();
    }

    /**
     * @param images {@code [N, H, W, C]}
     * @param features receives {@code [N, features]}
     */
    void compute(Tensor images, Tensor features) {
        plan.features(images, features);
    }

    /** Bytes that all views of a dataset need to be kept. */
    public long bytes(Views views) {
        return FeatureMemory.bytes(length()) * views.samples() * views.count();
    }

    /** A number that tells one backbone from another: a checksum of all its weights and running statistics. */
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
