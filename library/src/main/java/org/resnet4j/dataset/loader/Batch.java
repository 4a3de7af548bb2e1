package org.resnet4j.dataset.loader;

import java.util.List;
import org.resnet4j.tensor.Tensor;

/**
 * Images and labels that pass through the network together.
 *
 * @param images normalized pixels, {@code [N, H, W, C]}
 * @param labels the class index of each image, of length N
 * @param targets the probability of each class for each image, {@code [N, classes]}: one-hot, or mixed by mixup or
 *     cutmix
 * @param shardSizes the number of images in each shard of the batch, in order
 */
public record Batch(Tensor images, int[] labels, Tensor targets, List<Integer> shardSizes) {
    public Batch {
        shardSizes = List.copyOf(shardSizes);
    }

    /** Creates a batch of a single shard. */
    public Batch(Tensor images, int[] labels, Tensor targets) {
        this(images, labels, targets, List.of(labels.length));
    }

    /** Returns the number of images. */
    public int size() {
        return labels.length;
    }

    /** Returns a batch of its own, which stays as it is when the stream reuses the arrays of this one. */
    public Batch copy() {
        return new Batch(images.copy(), labels.clone(), targets.copy(), shardSizes);
    }
}
