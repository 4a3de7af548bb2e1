package org.resnet4j.training.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.resnet4j.parallel.ElementChunks;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.shard.ShardSum;
import org.resnet4j.training.shard.Span;

/**
 * Consecutive shards, added along the tree over all shards of a batch.
 *
 * <p>The sums of finished nodes wait on the stack until their right siblings are finished; a stack of S shards has at
 * most log2(S) + 1 nodes. The sum that includes the last shard ends in the place where a network leaves its results.
 */
final class ShardStack {
    private final Span tree;
    private final Span own;
    private final Place place;
    private final SumBuffers buffers;
    private final Workers workers;
    private final int[] sizes;
    private final Deque<ShardSum> finished = new ArrayDeque<>();

    /**
     * The tensors in which a network leaves the results of a shard.
     *
     * @param all gradients, then running statistics
     * @param gradients the number of gradients
     */
    record Place(List<Tensor> all, int gradients) {
        static Place of(List<Tensor> gradients, List<Tensor> statistics) {
            var all = new ArrayList<>(gradients);
            all.addAll(statistics);
            return new Place(List.copyOf(all), gradients.size());
        }

        /** Prepares the network for a shard: gradients from zero, and running statistics from those before the batch. */
        void prepare(List<Tensor> before) {
            all.subList(0, gradients).forEach(Place::clear);
            restore(before);
        }

        private void restore(List<Tensor> before) {
            for (int i = 0; i < before.size(); i++) {
                Tensor from = before.get(i);
                System.arraycopy(from.array(), 0, all.get(gradients + i).array(), 0, from.size());
            }
        }

        private void clearStatistics() {
            all.subList(gradients, all.size()).forEach(Place::clear);
        }

        private static void clear(Tensor tensor) {
            Arrays.fill(tensor.array(), 0, tensor.size(), 0);
        }
    }

    /**
     * @param tree the tree over all shards
     * @param own the shards that are added here
     * @param workers the threads that add
     */
    ShardStack(Span tree, Span own, Place place, SumBuffers buffers, Workers workers) {
        this.tree = tree;
        this.own = own;
        this.place = place;
        this.buffers = buffers;
        this.workers = workers;
        sizes = place.all().stream().mapToInt(Tensor::size).toArray();
    }

    /**
     * Prepares the network for the first shard of a batch.
     *
     * @param before the running statistics before the batch
     */
    void prepare(List<Tensor> before) {
        place.prepare(before);
    }

    /**
     * Adds what a shard has left in the network, and prepares the network for the next shard.
     *
     * @param before the running statistics before the batch
     * @param metrics without samples if the shard was not computed
     */
    void add(int shard, List<Tensor> before, BatchMetrics metrics) {
        if (metrics.samples() == 0) {
            place.clearStatistics();
        }
        var leaf = new Span(shard, shard + 1);
        double[] totals = Totals.of(metrics);
        if (leaf.to() == own.to()) {
            push(new ShardSum(leaf, place.all(), totals));
            return;
        }
        List<Tensor> kept = buffers.take();
        run((i, from, to) -> {
            float[] results = place.all().get(i).array();
            System.arraycopy(results, from, kept.get(i).array(), from, to - from);
            if (i < place.gradients()) {
                Arrays.fill(results, from, to, 0);
            }
        });
        place.restore(before);
        push(new ShardSum(leaf, kept, totals));
    }

    /** Adds a node to its left sibling, and their parent to its own, as far as these are finished. */
    void push(ShardSum node) {
        ShardSum right = node;
        while (!finished.isEmpty() && areSiblings(finished.peek(), right)) {
            right = sum(finished.pop(), right);
        }
        finished.push(right);
    }

    private boolean areSiblings(ShardSum left, ShardSum right) {
        var parent = new Span(left.span().from(), right.span().to());
        return tree.largestWithin(parent).equals(List.of(parent));
    }

    private ShardSum sum(ShardSum left, ShardSum right) {
        boolean last = right.span().to() == own.to();
        List<Tensor> target = last ? place.all() : left.tensors();
        run((i, from, to) -> {
            float[] a = left.tensors().get(i).array();
            float[] b = right.tensors().get(i).array();
            float[] c = target.get(i).array();
            for (int j = from; j < to; j++) {
                c[j] = a[j] + b[j];
            }
        });
        if (last) {
            buffers.giveBack(left.tensors());
        }
        buffers.giveBack(right.tensors());
        return new ShardSum(
                new Span(left.span().from(), right.span().to()), target, Totals.sum(left.totals(), right.totals()));
    }

    /** Removes and returns the nodes, from left to right. */
    List<ShardSum> removeAll() {
        var nodes = new ArrayList<ShardSum>();
        finished.descendingIterator().forEachRemaining(nodes::add);
        finished.clear();
        return nodes;
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
