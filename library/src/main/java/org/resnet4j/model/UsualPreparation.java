package org.resnet4j.model;

import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;

/**
 * Preprocessing of pictures for a bare file of weights: that of torchvision for the first weights of a network, or that
 * of timm for its default weights if only timm has the network.
 */
record UsualPreparation(int size, double crop, Interpolation interpolation, Normalization normalization) {
    private static final UsualPreparation TORCHVISION =
            new UsualPreparation(224, 0.875, Interpolation.BILINEAR, Normalization.IMAGENET);

    private static final UsualPreparation TIMM =
            new UsualPreparation(224, 0.875, Interpolation.BICUBIC, Normalization.IMAGENET);

    private static final Normalization HALF = Normalization.uniform(3, 0.5f, 0.5f);

    private static final int COLORS = 3;

    /**
     * Largest size at which a network sees the whole image; larger ones see the center, as is usual for photographs.
     */
    private static final int SMALL_IMAGE = 64;

    private static UsualPreparation named(String name) {
        return switch (name) {
            case "resnet18d",
                    "resnet34d",
                    "resnet50c",
                    "resnet50d",
                    "seresnet18",
                    "seresnet34",
                    "seresnet101",
                    "seresnet152",
                    "seresnext50_32x4d" -> TIMM;
            // Only weights of torchvision's second kind exist: resized to 232.
            case "resnext101_64x4d" -> new UsualPreparation(224, 0.965, Interpolation.BILINEAR, Normalization.IMAGENET);
            case "seresnet50" -> new UsualPreparation(224, 0.95, Interpolation.BICUBIC, Normalization.IMAGENET);
            case "resnet101d", "resnet152d" ->
                new UsualPreparation(256, 0.95, Interpolation.BICUBIC, Normalization.IMAGENET);
            case "resnetv2_50", "resnetv2_101" -> new UsualPreparation(224, 0.95, Interpolation.BICUBIC, HALF);
            case "resnetv2_152" -> new UsualPreparation(224, 0.875, Interpolation.BICUBIC, HALF);
            default -> TORCHVISION;
        };
    }

    /** Returns the preprocessing for a network of the catalog, or for a changed one. */
    static EvaluationTransform transform(ResNetSpec spec) {
        UsualPreparation usual = named(spec.name());
        boolean asInCatalogue = ResNets.find(spec.name())
                .filter(known -> known.imageSize() == spec.imageSize())
                .isPresent();
        boolean small = spec.imageSize() <= SMALL_IMAGE;
        int size = asInCatalogue && !small ? usual.size : spec.imageSize();
        Normalization normalization = spec.inChannels() == COLORS
                ? usual.normalization
                : Normalization.uniform(spec.inChannels(), 0.5f, 0.5f);
        return EvaluationTransform.ofCropPct(size, small ? 1 : usual.crop, usual.interpolation, normalization)
                .keepingMatching();
    }
}
