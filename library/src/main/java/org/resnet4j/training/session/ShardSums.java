package org.resnet4j.training.session;

import java.io.IOException;
import java.util.List;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.shard.GradientExchange;
import org.resnet4j.training.shard.ShardSum;
import org.resnet4j.training.shard.Span;

/**
 * The gradients and running statistics of the shards of a batch, added along the tree over the shards.
 *
 * <p>Each shard computes them in the network or in a replica of it: the gradients from zero, and the statistics from
 * those before the batch. The sum over all shards ends in the network.
 */
final class ShardSums {
    private final GradientExchange exchange;
    private final Span tree;
    private final List<Tensor> gradients;
    private final List<Tensor> statistics;
    private final List<Tensor> before;
    private final ShardStack.Place place;
    private final SumBuffers buffers;
    private final ShardStack stack;

    /** The gradients of earlier batches of the same update; empty if there are none. */
    private List<Tensor> earlier = List.of();

    /**
     * @param gradients the gradients in the network, zeros between updates
     * @param statistics the running statistics in the network
     */
    ShardSums(GradientExchange exchange, List<Tensor> gradients, List<Tensor> statistics, Workers workers) {
        this.exchange = exchange;
        tree = exchange.ranks().tree();
        this.gradients = List.copyOf(gradients);
        this.statistics = List.copyOf(statistics);
        before = statistics.stream().map(Tensor::copy).toList();
        place = ShardStack.Place.of(gradients, statistics);
        buffers = new SumBuffers(place.all());
        stack = new ShardStack(tree, exchange.ranks().of(exchange.rank()), place, buffers, workers);
    }

    /**
     * Remembers the running statistics, from which every shard of the next batch starts.
     *
     * @param goesOn true if the gradients in the network are those of earlier batches of the same update
     */
    void begin(boolean goesOn) {
        copy(statistics, before);
        if (goesOn) {
            earlier = buffers.take();
            copy(gradients, earlier);
            place.prepare(before);
        }
    }

    /** Returns the running statistics before the batch. */
    List<Tensor> before() {
        return before;
    }

    /** Returns the sums of the shards of this rank; those that the network computes itself are added here. */
    ShardStack stack() {
        return stack;
    }

    /**
     * Returns an empty stack for shards that a replica computes on one thread.
     *
     * @param part some of the shards of this rank
     */
    ShardStack stackOf(Span part, ShardStack.Place replica, Workers workers) {
        return new ShardStack(tree, part, replica, buffers, workers);
    }

    /**
     * Leaves the sum of the gradients of all shards in the network, and the mean of their running statistics.
     *
     * @return the metrics of the batch
     * @throws IOException if another rank fails or cannot be reached
     */
    BatchMetrics finish() throws IOException {
        List<ShardSum> nodes = stack.removeAll();
        ShardSum total = nodes.size() == 1 && nodes.getFirst().span().equals(tree)
                ? nodes.getFirst()
                : new ShardSum(tree, place.all(), new double[Totals.COUNT]);
        exchange.sum(nodes, total);
        nodes.forEach(node -> buffers.giveBack(node.tensors()));
        int shards = Totals.shards(total.totals());
        if (shards == 0) {
            copy(before, statistics);
        } else {
            divide(statistics, shards);
        }
        if (!earlier.isEmpty()) {
            addEarlier();
        }
        return Totals.metrics(total.totals());
    }

    private void addEarlier() {
        for (int i = 0; i < gradients.size(); i++) {
            float[] sum = gradients.get(i).array();
            for (int j = 0; j < gradients.get(i).size(); j++) {
                sum[j] = earlier.get(i).array()[j] + sum[j];
            }
        }
        buffers.giveBack(earlier);
        earlier = List.of();
    }

    private static void copy(List<Tensor> from, List<Tensor> to) {
        for (int i = 0; i < from.size(); i++) {
            System.arraycopy(
                    from.get(i).array(), 0, to.get(i).array(), 0, from.get(i).size());
        }
    }

    private static void divide(List<Tensor> tensors, float divisor) {
        for (Tensor tensor : tensors) {
            for (int i = 0; i < tensor.size(); i++) {
                tensor.array()[i] /= divisor;
            }
        }
    }
}
