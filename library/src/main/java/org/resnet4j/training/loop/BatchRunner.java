package org.resnet4j.training.loop;

import java.io.IOException;
import org.resnet4j.evaluation.Tally;
import org.resnet4j.training.session.TrainingSession;

/** The place where the batches of a run are computed: this process, or a cluster. For one run and one thread. */
public interface BatchRunner {
    /** Returns the number of training batches in an epoch. */
    int trainingBatches();

    /** Returns the number of validation batches; 0 without a validation set. */
    int validationBatches();

    /**
     * Trains from a position, with the state of the run's session, up to the end of the epoch or an earlier update.
     * Afterwards the session has the state of that update.
     *
     * @param from the position, before the end of the epoch
     * @param observer called for every batch, in order
     * @return the position reached
     * @throws IOException if data cannot be read, or the processes that compute fail
     */
    TrainingProgress train(TrainingProgress from, StepObserver observer) throws IOException;

    /**
     * Scores the validation set.
     *
     * @param evaluation the session in prediction mode
     * @param observer called for every batch, in order
     * @return the sums over all batches, added in order
     * @throws IOException if data cannot be read, or the processes that compute fail
     */
    Tally validate(TrainingSession.Evaluation evaluation, ValidationObserver observer) throws IOException;

    /** The reaction of a training loop to the batches of a runner. */
    interface StepObserver {
        /**
         * Accepts the loss of a batch, before the update.
         *
         * @param at the position of the batch
         */
        void accumulated(TrainingProgress at, double loss);

        /**
         * Accepts a finished batch.
         *
         * @param after the position after it
         */
        void finished(TrainingProgress after, double loss, double rate, int samples) throws IOException;

        /** Accepts the end of an update. The session has the state that belongs to the last finished batch. */
        void updated() throws IOException;
    }

    /** The reaction of a training loop to the validation batches of a runner. */
    @FunctionalInterface
    interface ValidationObserver {
        /**
         * Accepts a batch.
         *
         * @param batch the number of the batch, from 1
         */
        void scored(int batch, int samples) throws IOException;
    }
}
