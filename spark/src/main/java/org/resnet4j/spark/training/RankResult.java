package org.resnet4j.spark.training;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.spark.exchange.ExchangeStatistics;

/** The end of a rank's task. */
sealed interface RankResult extends Serializable {
    /**
     * The round is done.
     *
     * @param batches the batches of the round, the same for every rank
     * @param state the state at the end; of the first rank alone
     * @param kernels the name of the kernels
     * @param costs the costs of the exchange
     */
    record Done(
            List<Round.Batch> batches,
            @Nullable NetworkState state,
            SkippedSamples skipped,
            String kernels,
            Costs costs)
            implements RankResult {}

    /**
     * This rank could not go on.
     *
     * @param message the reason
     * @param isCause false if another rank is to blame, as far as this one knows
     * @param picture the picture that cannot be read, if that is the reason
     * @param trace the place in the code where it failed
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Failed(String message, boolean isCause, @Nullable Picture picture, StackTraceElement[] trace)
            implements RankResult {
        static Failed of(Exception failure, boolean isCause) {
            // The message of a failure to read data names the picture; that of a bug needs its kind.
            String message = failure instanceof IOException ? String.valueOf(failure.getMessage()) : failure.toString();
            Picture picture = failure instanceof UnreadableImageException unreadable
                    ? new Picture(unreadable.origin(), unreadable.reason())
                    : null;
            return new Failed(message, isCause, picture, failure.getStackTrace());
        }

        /** Returns the failure, as it was thrown by the rank. */
        IOException failure() {
            IOException failure = picture == null
                    ? new IOException(message)
                    : new UnreadableImageException(picture.origin(), picture.reason());
            failure.setStackTrace(trace);
            return failure;
        }
    }

    /** A picture that cannot be read, and the reason. */
    record Picture(String origin, String reason) implements Serializable {}

    /**
     * The time of a rank.
     *
     * @param nanos the time of all steps
     * @param exchangeNanos the part that was spent on the exchange: waiting for others and transferring
     */
    record Costs(long nanos, long exchangeNanos) implements Serializable {
        static Costs of(long nanos, ExchangeStatistics statistics) {
            return new Costs(nanos, statistics.waitNanos() + statistics.transferNanos());
        }
    }
}
