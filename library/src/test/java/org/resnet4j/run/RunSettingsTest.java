package org.resnet4j.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.BatchMixing;
import org.resnet4j.dataset.ImageAugmentation;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.DatasetOptions.SyntheticSize;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.resnet.ResNets;

/** Names and values that checkpoints of users hold: a change makes them unusable and needs another version of the format. */
class RunSettingsTest {
    private static final List<String> NAMES = List.of(
            "data",
            "training images",
            "validation images",
            "classes",
            "checksum of the names and labels of the training images",
            "checksum of the contents of the training images",
            "checksum of the names and labels of the validation images",
            "checksum of the contents of the validation images",
            "network",
            "network classes",
            "network stem",
            "network stem width",
            "network block",
            "network order",
            "network transition",
            "network last pool",
            "network depths",
            "network widths",
            "network groups",
            "network group width",
            "network squeeze",
            "network stride placement",
            "network shortcuts",
            "network zero init residual",
            "network in channels",
            "network image size",
            "images resize size",
            "images keep matching",
            "images input size",
            "images interpolation",
            "images mean",
            "images std",
            "weights",
            "frozen",
            "augmentation",
            "augmentation step 1 padding",
            "augmentation step 2 probability",
            "mixup",
            "cutmix",
            "share of mixed batches",
            "batch size",
            "seed");

    @TempDir
    private Path folder;

    @Test
    void everySettingHasANameOfItsOwn() throws IOException {
        var options = DatasetOptions.defaults(folder).withSynthetic(new SyntheticSize(8, 20, 10));
        try (var data = Datasets.open(Datasets.SYNTHETIC, options)) {
            var spec =
                    ResNets.named("resnet20").withClasses(data.classes().size()).withImages(8, 3);
            var transform = EvaluationTransform.ofCropPct(8, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
            Map<String, String> settings = RunSettings.of(data, spec, transform)
                    .weights(null)
                    .frozen(null)
                    .training(Augmentation.cifar(), 16, 7)
                    .values();
            assertEquals(NAMES, List.copyOf(settings.keySet()));
            assertEquals("resnet20", settings.get("network"));
            assertEquals("[3, 3, 3]", settings.get("network depths"));
            assertEquals("[0.485, 0.456, 0.406]", settings.get("images mean"));
            assertEquals("pad and crop, horizontal flip", settings.get("augmentation"));
            assertEquals("4", settings.get("augmentation step 1 padding"));
            assertEquals("none", settings.get("weights"));
            assertEquals("nothing", settings.get("frozen"));
            assertEquals("7", settings.get("seed"));
        }
    }

    @Test
    void everyStepOfAnAugmentationHasItsValues() {
        var augmentation = Augmentation.imagenet()
                .with(new ImageAugmentation.ColorJitter(0.3, 0.4, 0.5, 0.1))
                .with(ImageAugmentation.RandomErasing.defaults())
                .with(new BatchMixing(0.2, 1, 0.5));
        Map<String, String> settings = AugmentationSettings.of(augmentation);
        assertEquals(
                "random resized crop, horizontal flip, color jitter, random erasing", settings.get("augmentation"));
        assertEquals("0.08", settings.get("augmentation step 1 least area"));
        assertEquals("bilinear", settings.get("augmentation step 1 interpolation"));
        assertEquals("0.4", settings.get("augmentation step 3 contrast"));
        assertEquals("mean", settings.get("augmentation step 4 fill"));
        assertEquals("0.2", settings.get("mixup"));
        assertEquals("1.0", settings.get("cutmix"));
        assertEquals("0.5", settings.get("share of mixed batches"));
        assertEquals("none", AugmentationSettings.of(Augmentation.none()).get("augmentation"));
    }
}
