package org.resnet4j.spark.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.run.TrainingJob;
import org.resnet4j.training.SessionSettings;

/**
 * The settings and sizes of a run, which every task needs.
 *
 * @param classes names of the classes
 * @param trainSamples number of training samples
 * @param validationSamples number of validation samples
 */
record Work(
        ResNetSpec spec,
        EvaluationTransform transform,
        Augmentation augmentation,
        LoaderOptions loading,
        SessionSettings session,
        int shards,
        int leastImages,
        List<String> classes,
        int trainSamples,
        int validationSamples)
        implements Serializable {
    static Work of(TrainingJob job) {
        return new Work(
                job.network().spec(),
                job.transform(),
                job.augmentation(),
                job.loading(),
                job.session(),
                job.shards(),
                job.leastImages(),
                new ArrayList<>(job.data().classes()),
                job.data().train().size(),
                job.data().validation().size());
    }

    int batchSize() {
        return loading.batchSize();
    }

    int trainingBatches() {
        return loading.batches(trainSamples, true);
    }

    int validationBatches() {
        return loading.batches(validationSamples, false);
    }
}
