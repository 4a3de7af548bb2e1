package org.resnet4j.spark.training;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.dataset.loader.DataLoader;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.training.loop.BatchSource;
import org.resnet4j.training.loop.LoaderBatches;
import org.resnet4j.training.session.BatchMetrics;
import org.resnet4j.training.session.LayerTrainingSession;
import org.resnet4j.training.session.TrainingSession;

/** Scores some consecutive batches of the validation set. */
final class ValidationTask {
    /**
     * The metrics of a batch.
     *
     * @param batch number of the batch, from 0
     */
    record Scored(int batch, BatchMetrics metrics) implements Serializable {}

    /** The metrics of a task's batches. */
    record Result(List<Scored> batches, SkippedSamples skipped) implements Serializable {}

    private ValidationTask() {}

    /**
     * Runs a task.
     *
     * @param samples the samples of the batches, in order
     */
    static Result run(Work work, NetworkState weights, Batches own, Iterator<Sample> samples) throws IOException {
        int threads = TaskContext.get().cpus();
        var scored = new ArrayList<Scored>();
        try (StoredSamples stored =
                        StoredSamples.of(samples, RankTask.folder(), work.validationSamples(), work.classes());
                Compute compute = Compute.best(threads);
                DataLoader loader = DataLoader.evaluation(
                        stored, work.transform(), work.loading().withThreads(threads))) {
            ResNet network = ResNet.create(work.spec(), work.session().seed());
            weights.copyTo(network);
            var session = new LayerTrainingSession(network, work.session(), compute);
            try (TrainingSession.Evaluation evaluation = session.evaluate();
                    BatchSource.Batches batches = new LoaderBatches(loader, 1).open(0, own.from())) {
                for (int number = own.from(); number < own.to(); number++) {
                    Batch batch = batches.next();
                    scored.add(new Scored(
                            number, batch == null || batch.size() == 0 ? BatchMetrics.NONE : evaluation.score(batch)));
                }
            }
            return new Result(scored, loader.skipped());
        }
    }

    /** Consecutive batches. */
    record Batches(int from, int to) {}
}
