package org.resnet4j.training;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.support.Check;

/**
 * Settings of a run that do not depend on the network or the data. Start from {@link #sgd} or {@link #adamW} and change
 * individual settings with the {@code with…} methods.
 *
 * @param epochs passes over the training set; null for a number that suits the data
 * @param curve course of the learning rate
 * @param learningRate its largest value; null for one that suits the optimizer and the batch size
 * @param warmUpEpochs length of the warm-up in epochs; 0 for none
 * @param session optimizer, regularization, moving average and seed
 * @param accumulation batches whose gradients make one update, at least 1
 * @param shards equal parts of a batch with statistics of batch normalization and random numbers of their own, at least 1.
 *     Their gradients are added in a fixed order, so that one process and several train the same network
 * @param patience epochs without improved validation after which the run ends; 0 for no early stopping
 * @since 0.1.0
 */
public record TrainingRecipe(
        @Nullable Integer epochs,
        Curve curve,
        @Nullable Double learningRate,
        double warmUpEpochs,
        SessionSettings session,
        int accumulation,
        int shards,
        int patience) {
    /** He et al., 2015: the rate falls to a tenth after a half and after three quarters of the run. */
    private static final double FIRST_DROP = 0.5;

    private static final double SECOND_DROP = 0.75;
    private static final double DROP = 0.1;

    /** He et al., 2015, for batches of 128; the rate is proportional to the batch size. */
    private static final double SGD_RATE = 0.1;

    private static final double SGD_RATE_BATCH = 128;
    private static final double SGD_MOMENTUM = 0.9;
    private static final double SGD_DECAY = 5e-4;
    private static final double FINE_TUNING_SHARE = 0.1;
    private static final double ADAMW_RATE = 1e-3;
    private static final double ADAMW_DECAY = 0.05;

    /** The course of the learning rate over a run of any length. */
    public enum Curve {
        CONSTANT,
        /** A tenth after 1/2 and after 3/4 of the run. */
        STEP,
        COSINE,
        /** Rises and falls; has a warm-up of its own. */
        ONE_CYCLE;

        Schedule over(int epochs) {
            return switch (this) {
                case CONSTANT -> new Schedule.Constant();
                case STEP -> new Schedule.Steps(List.of(epochs * FIRST_DROP, epochs * SECOND_DROP), DROP);
                case COSINE -> new Schedule.Cosine();
                case ONE_CYCLE -> new Schedule.OneCycle();
            };
        }
    }

    public TrainingRecipe {
        if (epochs != null) {
            Check.atLeast("epochs", 1, epochs);
        }
        if (learningRate != null) {
            Check.positive("the learning rate", learningRate);
        }
        Check.notNegative("the epochs of warm-up", warmUpEpochs);
        if (warmUpEpochs > 0 && curve == Curve.ONE_CYCLE) {
            throw new IllegalArgumentException(
                    "the one-cycle schedule has its own warm-up; use none beside it, got " + warmUpEpochs + " epochs");
        }
        Check.atLeast("accumulation", 1, accumulation);
        Check.atLeast("shards", 1, shards);
        Check.atLeast("patience", 0, patience);
    }

    /**
     * Returns the default recipe: SGD with Nesterov momentum 0.9, weight decay 5e-4 on weights, a one-cycle schedule,
     * seed 0.
     */
    public static TrainingRecipe sgd() {
        return of(new Optimizer.Sgd(SGD_MOMENTUM, true, SGD_DECAY, false));
    }

    /** Returns the same recipe with AdamW and weight decay 0.05 on weights. */
    public static TrainingRecipe adamW() {
        var usual = new Optimizer.AdamW();
        return of(new Optimizer.AdamW(usual.beta1(), usual.beta2(), usual.epsilon(), ADAMW_DECAY, false));
    }

    private static TrainingRecipe of(Optimizer optimizer) {
        return new TrainingRecipe(null, Curve.ONE_CYCLE, null, 0, new SessionSettings(optimizer), 1, 1, 0);
    }

    /** Returns a copy with another number of epochs; null for one that suits the data. */
    public TrainingRecipe withEpochs(@Nullable Integer changed) {
        return new TrainingRecipe(changed, curve, learningRate, warmUpEpochs, session, accumulation, shards, patience);
    }

    /** Returns a copy with another course of the learning rate. */
    public TrainingRecipe withCurve(Curve changed) {
        return new TrainingRecipe(epochs, changed, learningRate, warmUpEpochs, session, accumulation, shards, patience);
    }

    /** Returns a copy with another largest learning rate; null for one that suits the optimizer and the batch size. */
    public TrainingRecipe withLearningRate(@Nullable Double changed) {
        return new TrainingRecipe(epochs, curve, changed, warmUpEpochs, session, accumulation, shards, patience);
    }

    /** Returns a copy with another warm-up. */
    public TrainingRecipe withWarmUp(double changed) {
        return new TrainingRecipe(epochs, curve, learningRate, changed, session, accumulation, shards, patience);
    }

    /** Returns a copy with another optimizer, regularization, moving average and seed. */
    public TrainingRecipe withSession(SessionSettings changed) {
        return new TrainingRecipe(epochs, curve, learningRate, warmUpEpochs, changed, accumulation, shards, patience);
    }

    /** Returns a copy with another seed. */
    public TrainingRecipe withSeed(long seed) {
        return withSession(session.withSeed(seed));
    }

    /** Returns a copy with this number of batches in one update. */
    public TrainingRecipe withAccumulation(int batches) {
        return new TrainingRecipe(epochs, curve, learningRate, warmUpEpochs, session, batches, shards, patience);
    }

    /** Returns a copy whose batches are divided into this number of shards. */
    public TrainingRecipe withShards(int count) {
        return new TrainingRecipe(epochs, curve, learningRate, warmUpEpochs, session, accumulation, count, patience);
    }

    /** Returns a copy that ends after this many epochs without improved validation; 0 for no early stopping. */
    public TrainingRecipe withPatience(int changed) {
        return new TrainingRecipe(epochs, curve, learningRate, warmUpEpochs, session, accumulation, shards, changed);
    }

    /** Returns the seed of all random numbers in the run. */
    public long seed() {
        return session.seed();
    }

    /**
     * Returns the learning rate of every step.
     *
     * @param runEpochs epochs of the run
     * @param batchSize images in a batch
     * @param fineTuning true if all layers start from trained weights; the default rate is then divided by ten
     */
    public LearningRate rate(int runEpochs, int batchSize, boolean fineTuning) {
        double base = learningRate != null ? learningRate : usualRate(batchSize, fineTuning);
        var rate = new LearningRate(base, curve.over(runEpochs));
        return warmUpEpochs > 0 ? rate.withWarmUp(warmUpEpochs) : rate;
    }

    private double usualRate(int batchSize, boolean fineTuning) {
        double rate = switch (session.optimizer()) {
            case Optimizer.Sgd _ -> SGD_RATE * batchSize * accumulation / SGD_RATE_BATCH;
            case Optimizer.AdamW _ -> ADAMW_RATE;
        };
        return fineTuning ? rate * FINE_TUNING_SHARE : rate;
    }
}
