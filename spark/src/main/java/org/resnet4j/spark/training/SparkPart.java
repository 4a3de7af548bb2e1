package org.resnet4j.spark.training;

import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.run.TrainedPart;
import org.resnet4j.run.TrainingJob;
import org.resnet4j.training.loop.BatchRunner;
import org.resnet4j.training.loop.TrainerSettings;
import org.resnet4j.training.session.TrainingSession;

/** The batches of a run on Spark. */
final class SparkPart implements TrainedPart {
    private final JavaSparkContext spark;
    private final TrainingJob job;
    private final SampleTable train;
    private final SampleTable validation;
    private final BarrierRunner.Cluster cluster;
    private @Nullable BarrierRunner runner;

    SparkPart(
            JavaSparkContext spark,
            TrainingJob job,
            SampleTable train,
            SampleTable validation,
            BarrierRunner.Cluster cluster) {
        this.spark = spark;
        this.job = job;
        this.train = train;
        this.validation = validation;
        this.cluster = cluster;
    }

    @Override
    public BatchRunner runner(TrainingSession session, TrainerSettings settings) {
        var made = new BarrierRunner(spark, session, job.network(), settings, Work.of(job), train, validation, cluster);
        runner = made;
        return made;
    }

    private BarrierRunner known() {
        BarrierRunner made = runner;
        if (made == null) {
            throw new IllegalStateException("the run has not begun");
        }
        return made;
    }

    @Override
    public SkippedSamples trainingSkipped() {
        return known().trainingSkipped();
    }

    @Override
    public SkippedSamples validationSkipped() {
        return known().validationSkipped();
    }

    @Override
    public void close() {
        train.samples().unpersist(false);
        validation.samples().unpersist(false);
    }
}
