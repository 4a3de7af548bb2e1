package org.resnet4j.cli.train;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.model.StartingPoint;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.DatasetProfile;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.model.Model;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * What a run trains and on what, after everything that the user left open is decided by the data.
 *
 * @param spec the network
 * @param transform what images go through when the network is used
 * @param augmentation how training images are varied
 * @param batchSize images in a batch
 */
public record TrainingPlan(ResNetSpec spec, EvaluationTransform transform, Augmentation augmentation, int batchSize) {
    /** Up to this side images are small: seen whole, by the networks that were made for CIFAR. */
    private static final int SMALL_IMAGE = 64;

    private static final int PHOTOGRAPH_SIZE = 128;
    private static final int FINE_TUNING_SIZE = 224;
    private static final int SMALL_IMAGE_BATCH = 128;
    private static final int PHOTOGRAPH_BATCH = 32;
    private static final double PHOTOGRAPH_CROP = 0.875;

    /** So many images are looked at to find out whether all have the same size. */
    private static final int SAMPLES_LOOKED_AT = 16;

    public static TrainingPlan of(
            DataOptions data,
            NetworkOptions networks,
            AugmentationOptions variation,
            DatasetSplits splits,
            @Nullable StartingPoint start) {
        DatasetProfile profile = splits.profile();
        Integer known = profile.imageSize() != null ? profile.imageSize() : commonSize(splits.train());
        Model model = start == null ? null : start.model();
        int size = imageSize(data, start, known, model);
        boolean small = size <= SMALL_IMAGE;

        EvaluationTransform transform = model == null
                ? transform(profile, start, size, small)
                : model.transform().withInputSize(size);
        ResNetSpec spec = networks.varied(network(networks, start, small))
                .withClasses(splits.classes().size())
                .withImages(size, transform.normalization().channels());
        Augmentation usual = profile.imageSize() == null && known != null && small
                ? Augmentation.cifar() // small pictures in files, whatever the kind of source suggests
                : profile.augmentation();
        if (networks.freezesBackbone()) {
            usual = Augmentation.none(); // so that features can be kept
        }
        int batchSize = data.batchSize() != null ? data.batchSize() : small ? SMALL_IMAGE_BATCH : PHOTOGRAPH_BATCH;
        return new TrainingPlan(spec, transform, variation.augmentation(usual), batchSize);
    }

    /**
     * The fewest images that a network can be trained on at once: two where a normalization sees a single pixel of each image,
     * as the values of one channel then have no variance.
     */
    int leastImages(ResNet network) {
        return network.smallestBatch(transform.inputSize());
    }

    /** Refuses batches of a single image where the network cannot be trained on one. */
    public void checkBatches(CommandSpec command, ResNet network, int images) {
        if (Math.min(batchSize, images) < leastImages(network)) {
            int size = transform.inputSize();
            throw new ParameterException(
                    command.commandLine(),
                    "--batch-size " + batchSize + ": " + spec.name() + " makes a single pixel of images of " + size
                            + " pixels, and the batch normalization of a single value is not defined; take batches of"
                            + " 2 or more images, or a larger --image-size");
        }
    }

    private static EvaluationTransform transform(
            DatasetProfile profile, @Nullable StartingPoint start, int size, boolean small) {
        Normalization normalization = profile.normalization();
        if (start != null && normalization.channels() == Normalization.IMAGENET.channels()) {
            normalization = Normalization.IMAGENET;
        }
        return EvaluationTransform.ofCropPct(size, small ? 1 : PHOTOGRAPH_CROP, Interpolation.BILINEAR, normalization);
    }

    private static int imageSize(
            DataOptions data, @Nullable StartingPoint start, @Nullable Integer known, @Nullable Model model) {
        if (data.imageSize() != null) {
            return data.imageSize();
        }
        if (model != null) {
            return model.transform().inputSize();
        }
        if (known != null) {
            return known;
        }
        return start == null ? PHOTOGRAPH_SIZE : FINE_TUNING_SIZE;
    }

    private static ResNetSpec network(NetworkOptions networks, @Nullable StartingPoint start, boolean small) {
        if (networks.model() != null) {
            return ResNets.named(networks.model());
        }
        return start != null ? start.spec() : ResNets.named(small ? "resnet20" : "resnet18");
    }

    /** The side that some images have, if all of those are squares of one small size; else null. */
    private static @Nullable Integer commonSize(Dataset dataset) {
        Integer side = null;
        int step = Math.max(1, dataset.size() / SAMPLES_LOOKED_AT);
        for (int i = 0; i < dataset.size(); i += step) {
            Image image;
            try {
                image = dataset.image(i);
            } catch (IOException unreadable) {
                continue; // the loader reports it when its turn comes
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
