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
 * The data and training settings shared by all networks of an experiment.
 *
 * @param plan the plan of any of the networks, for image size and batch size
 * @param source the name of the data
 * @param images the number of training images
 * @param validationImages the number of images that errors are measured on
 * @param classes the number of classes
 */
record ExperimentSetting(TrainingPlan plan, String source, int images, int validationImages, int classes) {
    /** The approximate time of a validation image relative to a training image. */
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

    /** Returns a network of the catalog, adapted to these images. */
    ResNetSpec fit(ResNetSpec spec) {
        return spec.withClasses(classes)
                .withImages(
                        plan.transform().inputSize(),
                        plan.transform().normalization().channels());
    }

    /** Returns an estimate of the seconds that an epoch of a network takes. */
    double secondsPerEpoch(Contender contender, SessionSettings session, Compute compute) {
        double batch = plan.batchSize();
        double batches = Math.ceil(images / batch) + VALIDATION_SHARE * validationImages / batch;
        return batches * stepSeconds(fit(contender.spec()), session, compute);
    }

    private double stepSeconds(ResNetSpec spec, SessionSettings session, Compute compute) {
        Shape batch = Shape.of(plan.batchSize(), spec.imageSize(), spec.imageSize(), spec.inChannels());
        return StepTimer.seconds(ResNet.create(spec, 0), batch, session, compute);
    }

    /** Returns the settings as text. */
    Map<String, String> description() {
        var description = new LinkedHashMap<String, String>();
        description.put(
                "data", source + ": " + images + " training images, " + validationImages + " validation images");
        description.put("augmentation", plan.augmentation().toString());
        description.put("batch size", Integer.toString(plan.batchSize()));
        return description;
    }
}
