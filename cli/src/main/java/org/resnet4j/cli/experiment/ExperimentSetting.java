package org.resnet4j.cli.experiment;

import java.util.LinkedHashMap;
import java.util.Map;
import org.resnet4j.TrainingPlan;
import org.resnet4j.TrainingRun;
import org.resnet4j.cli.train.AugmentationOptions;
import org.resnet4j.cli.train.DataOptions;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.tensor.Shape;
import org.resnet4j.training.SessionSettings;
import org.resnet4j.training.loop.StepTimer;

/**
 * What all networks of an experiment are trained on.
 *
 * @param plan of any of them: the size of images and of batches
 * @param source the data's name
 * @param images to train on
 * @param validationImages that errors are measured on
 * @param classes how many
 */
record ExperimentSetting(TrainingPlan plan, String source, int images, int validationImages, int classes) {
    /** A validation image takes about that part of a training image's time. */
    private static final double VALIDATION_SHARE = 0.3;

    static ExperimentSetting of(DataOptions data, AugmentationOptions variation, DatasetSplits splits) {
        TrainingRun.Builder run = TrainingRun.on(splits);
        data.applyTo(run);
        variation.applyTo(run);
        return new ExperimentSetting(
                run.plan(),
                splits.source(),
                splits.train().size(),
                splits.validation().size(),
                splits.classes().size());
    }

    /** A network of the catalogue, for these images. */
    ResNetSpec fit(ResNetSpec spec) {
        return spec.withClasses(classes)
                .withImages(
                        plan.transform().inputSize(),
                        plan.transform().normalization().channels());
    }

    /** About how long an epoch of a network takes here. */
    double secondsPerEpoch(Contender contender, SessionSettings session, Compute compute) {
        double batch = plan.batchSize();
        double batches = Math.ceil(images / batch) + VALIDATION_SHARE * validationImages / batch;
        return batches * stepSeconds(fit(contender.spec()), session, compute);
    }

    private double stepSeconds(ResNetSpec spec, SessionSettings session, Compute compute) {
        Shape batch = Shape.of(plan.batchSize(), spec.imageSize(), spec.imageSize(), spec.inChannels());
        return StepTimer.seconds(ResNet.create(spec, 0), batch, session, compute);
    }

    /** For people to read. */
    Map<String, String> description() {
        var description = new LinkedHashMap<String, String>();
        description.put(
                "data", source + ": " + images + " images to train on, " + validationImages + " to validate with");
        description.put("augmentation", plan.augmentation().toString());
        description.put("batch size", Integer.toString(plan.batchSize()));
        return description;
    }
}
