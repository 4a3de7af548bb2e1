package org.resnet4j.training.session;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.resnet4j.parallel.ElementChunks;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.shard.GradientExchange;
import org.resnet4j.training.shard.ShardSum;
import org.resnet4j.training.shard.Span;

/**
 * The gradients and running statistics of the shards of a batch, added along the tree over the shards.
 *
 * <p>Each shard computes them in the network or in a replica of it: the gradients from zero, and the statistics from
 * those before the batch. The sums of finished nodes wait on a stack until their right siblings are finished; a stack of
 * S shards has at most log2(S) + 1 nodes. The sum over all shards ends in the network.
 */
final class ShardSums {
    /** Indices of the totals. */
    private static final int SHARDS = 0;

    private static final int SAMPLES = 1;
    private static final int LOSS = 2;
    private static final int TOP1 = 3;
    private static final int TOP5 = 4;
    private static final int TOTALS = 5;

    private final GradientExchange exchange;
    private final Workers workers;
    private final Span tree;
    private final Span own;
    private final List<Tensor> gradients;
    private final List<Tensor> statistics;
    private final List<Tensor> network;
    private final int[] sizes;
    private final List<Tensor> before;
    private final Deque<List<Tensor>> unused = new ArrayDeque<>();
    private final Deque<ShardSum> finished = new ArrayDeque<>();

    /** The gradients of earlier batches of the same update; empty if there are none. */
    private List<Tensor> earlier = List.of();

    /**
     * @param gradients the gradients in the network, zeros between updates
     * @param statistics the running statistics in the network
     */
    ShardSums(GradientExchange exchange, List<Tensor> gradients, List<Tensor> statistics, Workers workers) {
        this.exchange = exchange;
        this.workers = workers;
        tree = exchange.ranks().tree();
        own = exchange.ranks().of(exchange.rank());
        this.gradients = List.copyOf(gradients);
        this.statistics = List.copyOf(statistics);
        network = Place.of(gradients, statistics, true).all();
        sizes = network.stream().mapToInt(Tensor::size).toArray();
        before = copies(statistics);
    }

    private static List<Tensor> copies(Collection<Tensor> tensors) {
        return tensors.stream().map(Tensor::copy).toList();
    }

    /**
     * Remembers the running statistics, from which every shard of the next batch starts.
     *
     * @param goesOn true if the gradients in the network are those of earlier batches of the same update
     */
    void begin(boolean goesOn) {
        copy(statistics, before);
        if (goesOn) {
            earlier = take();
            copy(gradients, earlier);
            clear(gradients);
        }
    }

    /**
     * Adds what a shard has left in a network, the main one or a replica, and prepares it for the next shard.
     *
     * @param place the gradients and running statistics in the network
     * @param metrics without samples if the shard was not computed
     */
    void add(int shard, Place place, BatchMetrics metrics) {
        if (metrics.samples() == 0) {
            clear(place.statistics());
        }
        double[] totals = totals(metrics);
        var leaf = new Span(shard, shard + 1);
        List<Tensor> all = place.all();
        if (shard == own.to() - 1 && place.isMain()) {
            push(new ShardSum(leaf, network, totals));
            return;
        }
        List<Tensor> kept = take();
        run((i, from, to) -> {
            System.arraycopy(all.get(i).array(), from, kept.get(i).array(), from, to - from);
            if (i < gradients.size()) {
                Arrays.fill(all.get(i).array(), from, to, 0);
            }
        });
        copy(before, place.statistics());
        push(new ShardSum(leaf, kept, totals));
    }

    /** Copies the running statistics before the batch to a replica. */
    void prepare(Place replica) {
        copy(before, replica.statistics());
    }

    /**
     * The tensors of a network in which a shard leaves its results.
     *
     * @param all gradients, then running statistics
     * @param statistics running statistics
     * @param isMain true for the network of the session, false for a replica
     */
    record Place(List<Tensor> all, List<Tensor> statistics, boolean isMain) {
        static Place of(List<Tensor> gradients, List<Tensor> statistics, boolean isMain) {
            var all = new ArrayList<>(gradients);
            all.addAll(statistics);
            return new Place(List.copyOf(all), statistics, isMain);
        }
    }

    private static double[] totals(BatchMetrics metrics) {
        var totals = new double[TOTALS];
        totals[SHARDS] = metrics.samples() > 0 ? 1 : 0;
        totals[SAMPLES] = metrics.samples();
        totals[LOSS] = metrics.samples() > 0 ? metrics.lossSum() : 0;
        totals[TOP1] = metrics.top1();
        totals[TOP5] = metrics.top5();
        return totals;
    }

    /** Adds a node to its left sibling, and their parent to its own, as far as these are finished. */
    private void push(ShardSum node) {
        ShardSum right = node;
        while (!finished.isEmpty() && areSiblings(finished.peek(), right)) {
            ShardSum left = finished.pop();
            right = sum(left, right);
        }
        finished.push(right);
    }

    private List<Tensor> take() {
        return unused.isEmpty() ? copies(network) : unused.pop();
    }

    /** Takes tensors back for other nodes, unless they are those of the network. */
    @SuppressWarnings("ReferenceEquality") // compares identity, not elements
    private void recycle(List<Tensor> tensors) {
        if (tensors != network) {
            unused.push(tensors);
        }
    }

    private boolean areSiblings(ShardSum left, ShardSum right) {
        var parent = new Span(left.span().from(), right.span().to());
        return tree.largestWithin(parent).equals(List.of(parent));
    }

    /** Adds two nodes. The sum is stored in the network if it includes the last shard, else in place of the left node. */
    private ShardSum sum(ShardSum left, ShardSum right) {
        boolean last = right.span().to() == own.to();
        List<Tensor> target = last ? network : left.tensors();
        run((i, from, to) -> {
            float[] a = left.tensors().get(i).array();
            float[] b = right.tensors().get(i).array();
            float[] c = target.get(i).array();
            for (int j = from; j < to; j++) {
                c[j] = a[j] + b[j];
            }
        });
        if (last) {
            recycle(left.tensors());
        }
        recycle(right.tensors());
        var totals = new double[TOTALS];
        Arrays.setAll(totals, i -> left.totals()[i] + right.totals()[i]);
        return new ShardSum(new Span(left.span().from(), right.span().to()), target, totals);
    }

    /**
     * Leaves the sum of the gradients of all shards in the network, and the mean of their running statistics.
     *
     * @return the metrics of the batch
     * @throws IOException if another rank fails or cannot be reached
     */
    BatchMetrics finish() throws IOException {
        var nodes = new ArrayList<ShardSum>();
        finished.descendingIterator().forEachRemaining(nodes::add);
        finished.clear();
        ShardSum total = nodes.size() == 1 && nodes.getFirst().span().equals(tree)
                ? nodes.getFirst()
                : new ShardSum(tree, network, new double[TOTALS]);
        exchange.sum(nodes, total);
        nodes.forEach(node -> recycle(node.tensors()));
        float shards = (float) total.totals()[SHARDS];
        if (shards == 0) {
            copy(before, statistics);
        } else {
            divide(statistics, shards);
        }
        if (!earlier.isEmpty()) {
            addEarlier();
        }
        double[] totals = total.totals();
        return new BatchMetrics((int) totals[SAMPLES], totals[LOSS], (int) totals[TOP1], (int) totals[TOP5]);
    }

    private void addEarlier() {
        for (int i = 0; i < gradients.size(); i++) {
            float[] sum = gradients.get(i).array();
            for (int j = 0; j < gradients.get(i).size(); j++) {
                sum[j] = earlier.get(i).array()[j] + sum[j];
            }
        }
        unused.push(earlier);
        earlier = List.of();
    }

    private static void copy(List<Tensor> from, List<Tensor> to) {
        for (int i = 0; i < from.size(); i++) {
            System.arraycopy(
                    from.get(i).array(), 0, to.get(i).array(), 0, from.get(i).size());
        }
    }

    private static void clear(List<Tensor> tensors) {
        for (Tensor tensor : tensors) {
            Arrays.fill(tensor.array(), 0, tensor.size(), 0);
        }
    }

    private static void divide(List<Tensor> tensors, float divisor) {
        for (Tensor tensor : tensors) {
            for (int i = 0; i < tensor.size(); i++) {
                tensor.array()[i] /= divisor;
            }
        }
    }

    /** A loop over a part of the tensor with an index. */
    @FunctionalInterface
    private interface Loop {
        void run(int index, int from, int to);
    }

    private void run(Loop loop) {
        ElementChunks.run(sizes, workers, (chunk, index, from, to) -> loop.run(index, from, to));
    }
}
