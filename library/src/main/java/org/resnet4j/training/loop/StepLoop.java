package org.resnet4j.training.loop;

import java.io.IOException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.evaluation.Tally;
import org.resnet4j.training.loop.BatchRunner.StepObserver;
import org.resnet4j.training.session.BatchMetrics;
import org.resnet4j.training.session.TrainingSession;

/** The batches of an epoch: each forward and backward, with an update after each group. */
public final class StepLoop {
    private static final double NANOS = 1e9;

    private final TrainingSession session;
    private final BatchSource source;
    private final TrainerSettings settings;
    private final LongSupplier nanoTime;
    private final int batches;
    private long waitedNanos;

    public StepLoop(TrainingSession session, BatchSource source, TrainerSettings settings) {
        this(session, source, settings, System::nanoTime);
    }

    StepLoop(TrainingSession session, BatchSource source, TrainerSettings settings, LongSupplier nanoTime) {
        this.session = session;
        this.source = source;
        this.settings = settings;
        this.nanoTime = nanoTime;
        batches = source.batchesPerEpoch();
    }

    /**
     * Trains from a position to the end of a group, or of the epoch.
     *
     * @param end the batch to stop before, counted from 0
     * @return the position reached
     */
    public TrainingProgress run(TrainingProgress from, int end, StepObserver observer) throws IOException {
        TrainingProgress progress = from;
        try (BatchSource.Batches stream = source.open(from.completedEpochs(), from.completedBatches())) {
            int waiting = 0;
            long start = nanoTime.getAsLong();
            while (progress.completedBatches() < end) {
                Batch batch = await(stream);
                if (batch == null) {
                    break;
                }
                Tally tally = progress.tally();
                double loss = 0;
                BatchMetrics metrics = session.accumulate(batch, settings.batchesInUpdate(progress, batches));
                if (metrics.samples() > 0) {
                    loss = metrics.loss();
                    observer.accumulated(progress, loss);
                    tally = metrics.addTo(tally);
                    waiting++;
                }
                double rate = settings.learningRate(progress, batches);
                boolean groupEnds = settings.endsGroup(progress, batches);
                if (groupEnds && waiting > 0) {
                    session.update(rate);
                    waiting = 0;
                }
                long now = nanoTime.getAsLong();
                progress = progress.afterBatch(tally, (now - start) / NANOS, waitedNanos / NANOS);
                start = now;
                observer.finished(progress, loss, rate, metrics.samples());
                if (groupEnds) {
                    observer.updated();
                }
            }
            if (waiting > 0) {
                session.update(settings.learningRate(progress, batches));
            }
        }
        return progress;
    }

    private @Nullable Batch await(BatchSource.Batches stream) throws IOException {
        long start = nanoTime.getAsLong();
        Batch batch = stream.next();
        waitedNanos = nanoTime.getAsLong() - start;
        return batch;
    }
}
