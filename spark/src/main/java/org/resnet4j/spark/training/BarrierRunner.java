package org.resnet4j.spark.training;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.evaluation.Tally;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.spark.exchange.Token;
import org.resnet4j.training.loop.BatchRunner;
import org.resnet4j.training.loop.CheckpointPolicy;
import org.resnet4j.training.loop.TrainerSettings;
import org.resnet4j.training.loop.TrainingProgress;
import org.resnet4j.training.session.TrainingSession;
import org.resnet4j.training.shard.Ranks;
import scala.Function1;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * The batches of a run on the executors. The driver holds the state. A round trains for an epoch, or for the time
 * between checkpoints: its samples are brought to the ranks in the order of the shards, a barrier stage trains, and the
 * first rank returns the state. Spark does not repeat a barrier stage that lost an executor, so the driver repeats the
 * round, from the state it holds.
 */
final class BarrierRunner implements BatchRunner {
    private static final int ATTEMPTS = 4;
    private static final long MILLIS_BETWEEN = 1000;
    private static final double NANOS = 1e9;
    private static final double PERCENT = 100;

    /** Rounds are a little longer than the time between checkpoints, so that one is due at the end of each. */
    private static final double LONGER = 1.2;

    /** Batches of the first round within an epoch, whose speed is not known. */
    private static final int FIRST_ROUND = 16;

    private final JavaSparkContext spark;
    private final TrainingSession session;
    private final ResNet network;
    private final TrainerSettings settings;
    private final Work work;
    private final SampleTable train;
    private final SampleTable validation;
    private final Cluster cluster;
    private @Nullable JavaRDD<Sample> validationSamples;
    private double batchSeconds;
    private final SkippedInRun trainingSkipped = new SkippedInRun();
    private SkippedSamples validationSkipped = new SkippedSamples(0, List.of());

    /**
     * The ranks and their connections.
     *
     * @param ranks number of ranks
     * @param timeout longest silence of a rank
     * @param remarks receives a line for each round that is repeated
     */
    record Cluster(int ranks, Duration timeout, Consumer<String> remarks) {}

    BarrierRunner(
            JavaSparkContext spark,
            TrainingSession session,
            ResNet network,
            TrainerSettings settings,
            Work work,
            SampleTable train,
            SampleTable validation,
            Cluster cluster) {
        this.spark = spark;
        this.session = session;
        this.network = network;
        this.settings = settings;
        this.work = work;
        this.train = train;
        this.validation = validation;
        this.cluster = cluster;
    }

    @Override
    public int trainingBatches() {
        return work.trainingBatches();
    }

    @Override
    public int validationBatches() {
        return work.validationBatches();
    }

    SkippedSamples trainingSkipped() {
        return trainingSkipped.report();
    }

    SkippedSamples validationSkipped() {
        return validationSkipped;
    }

    @Override
    public TrainingProgress train(TrainingProgress from, StepObserver observer) throws IOException {
        var round = new Round(
                work,
                settings.withCheckpoint(null),
                NetworkState.of(session.state()),
                from,
                end(from),
                cluster.ranks(),
                Token.random(),
                cluster.timeout());
        long start = System.nanoTime();
        List<RankResult.Done> results = repeat(round);
        RankResult.Done first = results.getFirst();
        requireKernels(first.kernels());
        cluster.remarks().accept(summary(round, results));
        batchSeconds = (System.nanoTime() - start)
                / NANOS
                / Math.max(1, first.batches().size());
        trainingSkipped.add(
                from.completedBatches() == 0,
                results.stream().map(RankResult.Done::skipped).toList());
        TrainingProgress reached = from;
        for (Round.Batch batch : first.batches()) {
            observer.accumulated(batch.before(), batch.loss());
            TrainingProgress after = batch.after();
            if (after != null) {
                observer.finished(after, batch.loss(), batch.rate(), batch.samples());
                reached = after;
            }
        }
        NetworkState state = first.state();
        if (state == null) {
            throw new IllegalStateException("the first rank returned no state");
        }
        session.restore(state.toState());
        observer.updated();
        return reached;
    }

    /** A checkpoint names the kernels of the driver, so those of the executors must be the same. */
    private void requireKernels(String kernels) throws IOException {
        String own = session.settings().get("kernels");
        if (!kernels.equals(own)) {
            throw new IOException("the executors compute with " + kernels + ", but this machine with " + own
                    + "; run the driver on a machine of the cluster");
        }
    }

    /** Returns a line about a round: its batches, its time, and the largest share of it that a rank exchanged gradients. */
    private static String summary(Round round, List<RankResult.Done> results) {
        double seconds = 0;
        double exchanging = 0;
        for (RankResult.Done result : results) {
            RankResult.Costs costs = result.costs();
            seconds = Math.max(seconds, costs.nanos() / NANOS);
            exchanging = Math.max(exchanging, (double) costs.exchangeNanos() / costs.nanos());
        }
        return String.format(
                Locale.ROOT,
                "epoch %d, batches %d to %d: %.1f s, %.1f %% of it exchanging gradients and waiting",
                round.from().completedEpochs() + 1,
                round.from().completedBatches() + 1,
                round.end(),
                seconds,
                PERCENT * exchanging);
    }

    /** Returns the batch to stop before: the end of the epoch, or of an update at which a checkpoint is due. */
    private int end(TrainingProgress from) {
        CheckpointPolicy policy = settings.checkpoint();
        int batches = trainingBatches();
        if (policy == null || !policy.every().isPositive()) {
            return batches;
        }
        double seconds = policy.every().toMillis() * LONGER / 1e3;
        int count = batchSeconds == 0 ? FIRST_ROUND : (int) Math.clamp(seconds / batchSeconds, 1, batches);
        int groups = Math.max(1, count / settings.accumulation());
        return (int) Math.min(batches, from.completedBatches() + (long) groups * settings.accumulation());
    }

    private List<RankResult.Done> repeat(Round first) throws IOException {
        Round round = first;
        for (int attempt = 1; ; attempt++) {
            try {
                return run(round);
            } catch (RoundFailedException failure) {
                if (!failure.isLoss() || attempt == ATTEMPTS) {
                    throw failure;
                }
                cluster.remarks().accept("the round is repeated: " + failure.getMessage());
                pause();
                round = round.again();
            }
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(MILLIS_BETWEEN);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw interrupted(interrupted);
        }
    }

    private List<RankResult.Done> run(Round round) throws IOException {
        Broadcast<Round> sent = spark.broadcast(round);
        try {
            var results = new ArrayList<RankResult.Done>();
            RankResult.Failed failed = null;
            for (RankResult result : stage(sent, Placement.ofRound(train.samples(), round))) {
                switch (result) {
                    case RankResult.Done done -> results.add(done);
                    case RankResult.Failed other ->
                        failed = failed == null || (other.isCause() && !failed.isCause()) ? other : failed;
                }
            }
            if (failed != null) {
                throw RoundFailedException.of(failed);
            }
            return results;
        } catch (RoundFailedException failure) {
            throw failure;
        } catch (Exception failure) { // Spark throws checked exceptions that Scala does not declare
            if (failure instanceof InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw interrupted(interrupted);
            }
            throw RoundFailedException.of(failure, round.ranks());
        } finally {
            sent.destroy();
        }
    }

    private static InterruptedIOException interrupted(InterruptedException cause) {
        var failure = new InterruptedIOException("interrupted while the executors compute a round");
        failure.initCause(cause);
        return failure;
    }

    private static List<RankResult> stage(Broadcast<Round> round, JavaRDD<Sample> samples) {
        Function1<scala.collection.Iterator<Sample>, scala.collection.Iterator<RankResult>> task =
                (Function1<scala.collection.Iterator<Sample>, scala.collection.Iterator<RankResult>> & Serializable)
                        rows -> one(rank(round.value(), CollectionConverters.asJava(rows)));
        var tag = ClassTag$.MODULE$.<RankResult>apply(RankResult.class);
        var results = samples.rdd().barrier().mapPartitions(task, false, tag);
        return new JavaRDD<>(results, tag).collect();
    }

    private static RankResult rank(Round round, Iterator<Sample> samples) {
        try {
            return RankTask.run(round, samples);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static <T> scala.collection.Iterator<T> one(T element) {
        return CollectionConverters.asScala(List.of(element).iterator());
    }

    @Override
    public Tally validate(TrainingSession.Evaluation evaluation, ValidationObserver observer) throws IOException {
        Broadcast<NetworkState> weights = spark.broadcast(NetworkState.of(network));
        int parts = Math.min(cluster.ranks(), validationBatches());
        Work all = work;
        try {
            List<ValidationTask.Result> results = validationSamples(parts)
                    .mapPartitionsWithIndex(
                            (part, samples) -> List.of(
                                            ValidationTask.run(all, weights.value(), share(all, part, parts), samples))
                                    .iterator(),
                            true)
                    .collect();
            validationSkipped = SkippedInRun.sum(
                    results.stream().map(ValidationTask.Result::skipped).toList());
            Tally tally = Tally.EMPTY;
            for (ValidationTask.Result result : results) {
                for (ValidationTask.Scored scored : result.batches()) {
                    tally = scored.metrics().addTo(tally);
                    observer.scored(scored.batch() + 1, scored.metrics().samples());
                }
            }
            return tally;
        } finally {
            weights.destroy();
        }
    }

    private static ValidationTask.Batches share(Work work, int part, int parts) {
        Ranks shares = new Ranks(parts, work.validationBatches());
        return new ValidationTask.Batches(
                shares.of(part).from(), shares.of(part).to());
    }

    /** Returns the samples of the validation set at their tasks, where all epochs find them. */
    private JavaRDD<Sample> validationSamples(int parts) {
        JavaRDD<Sample> known = validationSamples;
        if (known == null) {
            known = Placement.ofValidation(validation.samples(), work, parts);
            validationSamples = known;
        }
        return known;
    }
}
