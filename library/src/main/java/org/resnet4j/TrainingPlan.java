package org.resnet4j;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.DatasetProfile;
import org.resnet4j.graph.Graph;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.model.Model;
import org.resnet4j.model.StartingWeights;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;

/**
 * Network and data of a run. Everything the caller left open is derived from the data.
 *
 * @param spec the network
 * @param transform preprocessing of images in prediction
 * @param augmentation augmentation of training images
 * @param batchSize images in a batch
 * @since 0.1.0
 */
public record TrainingPlan(ResNetSpec spec, EvaluationTransform transform, Augmentation augmentation, int batchSize) {
    /** Largest side of small images, which are seen whole by the networks designed for CIFAR. */
    private static final int SMALL_IMAGE = 64;

    private static final int PHOTOGRAPH_SIZE = 128;
    private static final int FINE_TUNING_SIZE = 224;
    private static final int SMALL_IMAGE_BATCH = 128;
    private static final int PHOTOGRAPH_BATCH = 32;
    private static final double PHOTOGRAPH_CROP = 0.875;

    /** Divisor of the images: the largest part that a dropped last batch may be. */
    private static final long MAX_LEFT_OUT = 10;

    /** Number of images inspected to determine whether all have the same size. */
    private static final int SAMPLES_LOOKED_AT = 16;

    static TrainingPlan of(TrainingRun.Builder choices) {
        DatasetProfile profile = choices.data().profile();
        Integer known = profile.imageSize() != null
                ? profile.imageSize()
                : commonSize(choices.data().train());
        StartingWeights start = choices.weights();
        Model model = start == null ? null : start.model();
        int size = imageSize(choices.imageSize(), start, known, model);
        boolean small = size <= SMALL_IMAGE;

        EvaluationTransform transform = model == null
                ? transform(profile, start, size, small)
                : model.transform().withInputSize(size);
        ResNetSpec spec = choices.variant()
                .apply(network(choices.network(), start, small))
                .withClasses(choices.data().classes().size())
                .withImages(size, transform.normalization().channels());
        Augmentation usual = profile.imageSize() == null && known != null && small
                ? Augmentation.cifar() // small pictures in files, whatever the source's default
                : profile.augmentation();
        if (choices.isFrozen()) {
            usual = Augmentation.none(); // so that features can be cached
        }
        Integer asked = choices.batchSize();
        int batchSize = asked != null
                ? asked
                : fitting(
                        small ? SMALL_IMAGE_BATCH : PHOTOGRAPH_BATCH,
                        choices.data().train().size(),
                        choices.shards());
        return new TrainingPlan(spec, transform, choices.augmentation().apply(usual), batchSize);
    }

    /**
     * Returns the smallest batch that a network can be trained on: two if a normalization sees a single pixel of each
     * image, because the values of a channel then have no variance.
     */
    public int leastImages(ResNet network) {
        return Graph.of(network, transform.inputSize()).smallestBatch();
    }

    /**
     * Returns a batch size that leaves out few images: the usual one if the incomplete last batch, which is dropped, is
     * at most a tenth of the images; otherwise the largest one below it that divides them into one more batch.
     */
    static int fitting(int usual, int images, int shards) {
        if (images <= usual || images % usual * MAX_LEFT_OUT <= images) {
            return usual;
        }
        int size = images / (images / usual + 1);
        return Math.max(shards, size - size % shards);
    }

    private static EvaluationTransform transform(
            DatasetProfile profile, @Nullable StartingWeights start, int size, boolean small) {
        Normalization normalization = profile.normalization();
        if (start != null && normalization.channels() == Normalization.IMAGENET.channels()) {
            normalization = Normalization.IMAGENET;
        }
        return EvaluationTransform.ofCropPct(size, small ? 1 : PHOTOGRAPH_CROP, Interpolation.BILINEAR, normalization);
    }

    private static int imageSize(
            @Nullable Integer asked, @Nullable StartingWeights start, @Nullable Integer known, @Nullable Model model) {
        if (asked != null) {
            return asked;
        }
        if (model != null) {
            return model.transform().inputSize();
        }
        if (known != null) {
            return known;
        }
        return start == null ? PHOTOGRAPH_SIZE : FINE_TUNING_SIZE;
    }

    private static ResNetSpec network(@Nullable ResNetSpec asked, @Nullable StartingWeights start, boolean small) {
        if (asked != null) {
            return asked;
        }
        return start != null ? start.spec() : ResNets.named(small ? "resnet20" : "resnet18");
    }

    /** Returns the common side of some images if all are squares of one small size, else null. */
    private static @Nullable Integer commonSize(Dataset dataset) {
        Integer side = null;
        int step = Math.max(1, dataset.size() / SAMPLES_LOOKED_AT);
        for (int i = 0; i < dataset.size(); i += step) {
            Image image;
            try {
                image = dataset.image(i);
            } catch (IOException unreadable) {
                continue; // the loader reports it when it reads the image
            }
            boolean square = image.width() == image.height() && image.width() <= SMALL_IMAGE;
            if (!square || (side != null && side != image.width())) {
                return null;
            }
            side = image.width();
        }
        return side;
    }
}
