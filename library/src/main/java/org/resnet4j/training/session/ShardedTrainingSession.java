package org.resnet4j.training.session;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.layer.Workspace;
import org.resnet4j.tensor.Tensor;
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
        sums = new ShardSums(exchange, session.gradients(), session.statistics(), session.workers());
    }

    @Override
    public BatchMetrics accumulate(Batch batch, int batchesInUpdate) throws IOException {
        long seed = session.beginBatch((long) batchSize * batchesInUpdate);
        sums.begin(batchesSinceUpdate > 0);
        batchesSinceUpdate++;
        int row = 0;
        for (int shard = own.from(); shard < own.to(); shard++) {
            int size = batch.size() == 0 ? 0 : batch.shardSizes().get(shard - own.from());
            BatchMetrics metrics = size >= leastImages && size > 0
                    ? compute(batch, row, size, new SplittableRandom(seed + shard).nextLong())
                    : BatchMetrics.NONE;
            sums.add(shard, metrics);
            row += size;
        }
        BatchMetrics metrics = sums.finish();
        session.count(metrics.samples());
        return metrics;
    }

    private BatchMetrics compute(Batch batch, int row, int size, long seed) {
        if (size == batch.size()) {
            return session.addGradients(batch, seed);
        }
        Workspace workspace = session.workspace();
        Tensor images = rows(batch.images(), row, size, workspace);
        Tensor targets = rows(batch.targets(), row, size, workspace);
        var labels = new int[size];
        System.arraycopy(batch.labels(), row, labels, 0, size);
        BatchMetrics metrics = session.addGradients(new Batch(images, labels, targets), seed);
        workspace.release(images);
        workspace.release(targets);
        return metrics;
    }

    private static Tensor rows(Tensor tensor, int row, int count, Workspace workspace) {
        Tensor part = workspace.acquire(tensor.shape().withBatch(count));
        int length = part.size() / count;
        System.arraycopy(tensor.array(), row * length, part.array(), 0, part.size());
        return part;
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
