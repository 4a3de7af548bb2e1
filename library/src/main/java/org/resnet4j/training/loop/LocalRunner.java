package org.resnet4j.training.loop;

import java.io.IOException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.evaluation.Tally;
import org.resnet4j.support.Check;
import org.resnet4j.training.session.TrainingSession;

/** A runner that computes every batch in this process. */
public final class LocalRunner implements BatchRunner {
    private final BatchSource training;
    private final @Nullable BatchSource validation;
    private final StepLoop steps;

    /**
     * @param validation the validation set; null for none
     * @throws IllegalArgumentException if a source has no batches
     */
    public LocalRunner(
            TrainingSession session, BatchSource training, @Nullable BatchSource validation, TrainerSettings settings) {
        this(session, training, validation, settings, System::nanoTime);
    }

    LocalRunner(
            TrainingSession session,
            BatchSource training,
            @Nullable BatchSource validation,
            TrainerSettings settings,
            LongSupplier nanoTime) {
        Check.atLeast("training batches in an epoch", 1, training.batchesPerEpoch());
        if (validation != null) {
            Check.atLeast("validation batches", 1, validation.batchesPerEpoch());
        }
        this.training = training;
        this.validation = validation;
        steps = new StepLoop(session, training, settings, nanoTime);
    }

    @Override
    public int trainingBatches() {
        return training.batchesPerEpoch();
    }

    @Override
    public int validationBatches() {
        return validation == null ? 0 : validation.batchesPerEpoch();
    }

    @Override
    public TrainingProgress train(TrainingProgress from, StepObserver observer) throws IOException {
        return steps.run(from, trainingBatches(), observer);
    }

    @Override
    public Tally validate(TrainingSession.Evaluation evaluation, ValidationObserver observer) throws IOException {
        if (validation == null) {
            throw new IllegalStateException("there is no validation set");
        }
        Tally tally = Tally.EMPTY;
        int done = 0;
        try (BatchSource.Batches batches = validation.open(0, 0)) {
            for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
                if (batch.size() > 0) {
                    tally = evaluation.score(batch).addTo(tally);
                }
                observer.scored(++done, batch.size());
            }
        }
        return tally;
    }
}
