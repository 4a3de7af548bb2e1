package org.resnet4j.spark.training;

import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.resnet4j.spark.exchange.Token;
import org.resnet4j.training.loop.TrainerSettings;
import org.resnet4j.training.loop.TrainingProgress;
import org.resnet4j.training.shard.Ranks;

/**
 * A part of an epoch that is computed in one barrier stage.
 *
 * @param settings without a checkpoint
 * @param state the state at the beginning
 * @param from the position of the first batch
 * @param end the batch to stop before
 * @param ranks the number of tasks, as plain numbers
 * @param token the secret of the connections
 * @param timeout the longest silence of a rank
 */
record Round(
        Work work,
        TrainerSettings settings,
        NetworkState state,
        TrainingProgress from,
        int end,
        int ranks,
        Token token,
        Duration timeout)
        implements Serializable {
    /** Returns the same round with another secret, so that tasks of this one cannot take part. */
    Round again() {
        return new Round(work, settings, state, from, end, ranks, Token.random(), timeout);
    }

    /** Returns the division of the shards. */
    Ranks division() {
        return new Ranks(ranks, work.shards());
    }

    /**
     * A batch of a round.
     *
     * @param before its position
     * @param after the position after it; null if its loss was not finite, which ended the round
     */
    record Batch(TrainingProgress before, @Nullable TrainingProgress after, double loss, double rate, int samples)
            implements Serializable {}
}
