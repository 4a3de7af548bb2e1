package org.resnet4j.training.session;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.parallel.Workers;
import org.resnet4j.training.shard.GradientExchange;
import org.resnet4j.training.shard.Span;

/**
 * A training session whose batches are divided into shards of equal size. Each shard is computed apart, with its own
 * batch normalization statistics and random numbers. The gradients of the shards are added along one balanced tree, and
 * so are their running statistics, of which the mean is taken. The result is therefore the same, bit for bit, whether
 * one process computes all shards or several compute some each.
 *
 * <p>The batches of a process contain the shards of its rank.
 */
public final class ShardedTrainingSession implements TrainingSession {
    private final LayerTrainingSession session;
    private final GradientExchange exchange;
    private final Span own;
    private final int batchSize;
    private final int leastImages;
    private final ShardSums sums;
    private int batchesSinceUpdate;

    /** Created for the first batch: a session that only keeps the state of a run computes none. */
    private List<Lane> lanes = List.of();

    /**
     * @param session the session that computes the shards
     * @param batchSize the number of images in a full batch, over all ranks
     * @param leastImages the smallest shard that the network can be trained on; smaller ones are left out
     */
    public ShardedTrainingSession(
            LayerTrainingSession session, GradientExchange exchange, int batchSize, int leastImages) {
        this.session = session;
        this.exchange = exchange;
        this.batchSize = batchSize;
        this.leastImages = leastImages;
        own = exchange.ranks().of(exchange.rank());
        sums = new ShardSums(
                exchange,
                session.pass().gradients(session.trains()),
                session.pass().statistics(),
                session.compute().workers());
    }

    /**
     * A network that computes consecutive shards, one at a time, and their sums.
     *
     * @param shards the shards that it computes
     */
    private record Lane(GradientPass pass, Span shards, ShardStack stack) {}

    /**
     * Returns a lane for each thread if their number divides that of the shards: a thread that computes shards of its
     * own waits for no other until all are done. Otherwise all threads compute one shard after another, in the network
     * itself.
     */
    private List<Lane> createLanes() {
        Compute compute = session.compute();
        int threads = compute.workers().threads();
        var replicas = new ArrayList<Lane>();
        if (threads > 1 && own.size() % threads == 0) {
            int share = own.size() / threads;
            for (int i = 0; i < threads; i++) {
                var shards = new Span(own.from() + i * share, own.from() + (i + 1) * share);
                var workers = new Workers(1);
                session.replica(new Compute(compute.kernels(), workers))
                        .ifPresent(pass -> replicas.add(new Lane(pass, shards, stack(pass, shards, workers))));
            }
        }
        return replicas.isEmpty() ? List.of(new Lane(session.pass(), own, sums.stack())) : List.copyOf(replicas);
    }

    private ShardStack stack(GradientPass replica, Span shards, Workers workers) {
        var place = ShardStack.Place.of(replica.gradients(session.trains()), replica.statistics());
        return sums.stackOf(shards, place, workers);
    }

    @Override
    public BatchMetrics accumulate(Batch batch, int batchesInUpdate) throws IOException {
        long seed = session.beginBatch((long) batchSize * batchesInUpdate);
        sums.begin(batchesSinceUpdate > 0);
        batchesSinceUpdate++;
        if (lanes.isEmpty()) {
            lanes = createLanes();
        }
        if (lanes.size() == 1) {
            computeAll(lanes.getFirst(), batch, seed);
        } else {
            session.compute().workers().run(lanes.size(), (i, scratch) -> {
                lanes.get(i).stack().prepare(sums.before());
                computeAll(lanes.get(i), batch, seed);
            });
            lanes.forEach(lane -> lane.stack().removeAll().forEach(sums.stack()::push));
        }
        BatchMetrics metrics = sums.finish();
        session.count(metrics.samples());
        return metrics;
    }

    /** Computes the shards of a lane. */
    private void computeAll(Lane lane, Batch batch, long batchSeed) {
        for (int shard = lane.shards().from(); shard < lane.shards().to(); shard++) {
            lane.stack().add(shard, sums.before(), compute(lane, batch, shard - own.from(), batchSeed));
        }
    }

    /**
     * Computes a shard.
     *
     * @param index its index among the shards of this rank
     * @param batchSeed the seed of the batch
     */
    private BatchMetrics compute(Lane lane, Batch batch, int index, long batchSeed) {
        int size = batch.size() == 0 ? 0 : batch.shardSizes().get(index);
        if (size == 0 || size < leastImages) {
            return BatchMetrics.NONE;
        }
        long seed = new SplittableRandom(batchSeed + own.from() + index).nextLong();
        if (size == batch.size()) {
            return lane.pass().addGradients(batch, seed, session.expectedSamples());
        }
        int row = 0;
        for (int before : batch.shardSizes().subList(0, index)) {
            row += before;
        }
        return lane.pass()
                .onPart(batch, row, size, part -> lane.pass().addGradients(part, seed, session.expectedSamples()));
    }

    /** Returns the bytes of activation and gradient buffers allocated so far. */
    public long workspaceBytes() {
        return lanes.stream()
                .mapToLong(lane -> lane.pass().workspace().allocatedBytes())
                .sum();
    }

    @Override
    public void update(double learningRate) {
        session.update(learningRate);
        batchesSinceUpdate = 0;
    }

    @Override
    public Evaluation evaluate() {
        return session.evaluate();
    }

    @Override
    public SessionState state() {
        return session.state();
    }

    @Override
    public void restore(SessionState state) {
        session.restore(state);
        batchesSinceUpdate = 0;
    }

    @Override
    public Map<String, String> settings() {
        var settings = new LinkedHashMap<>(session.settings());
        settings.put("shards", Integer.toString(exchange.ranks().shards()));
        return settings;
    }
}
