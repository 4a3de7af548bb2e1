package org.resnet4j.training.shard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.resnet4j.tensor.Tensor;

/** Ranks that are threads of one process. The tree is evaluated by plain recursion, as the reference. */
public final class ThreadRanks {
    private static final long SECONDS = 60;

    private final Ranks ranks;
    private final CyclicBarrier barrier;
    private final Map<Span, ShardSum> nodes = new HashMap<>();

    public ThreadRanks(Ranks ranks) {
        this.ranks = ranks;
        barrier = new CyclicBarrier(ranks.ranks());
    }

    /** Returns the exchange of a rank, for its thread. */
    public GradientExchange exchange(int rank) {
        return new GradientExchange() {
            @Override
            public Ranks ranks() {
                return ranks;
            }

            @Override
            public int rank() {
                return rank;
            }

            @Override
            public void sum(List<ShardSum> own, ShardSum total) {
                synchronized (nodes) {
                    for (ShardSum node : own) {
                        var tensors = node.tensors().stream().map(Tensor::copy).toList();
                        nodes.put(
                                node.span(),
                                new ShardSum(node.span(), tensors, node.totals().clone()));
                    }
                }
                await();
                ShardSum sum;
                synchronized (nodes) {
                    sum = node(ranks.tree());
                }
                for (int i = 0; i < total.tensors().size(); i++) {
                    Tensor from = sum.tensors().get(i);
                    System.arraycopy(from.array(), 0, total.tensors().get(i).array(), 0, from.size());
                }
                System.arraycopy(sum.totals(), 0, total.totals(), 0, sum.totals().length);
                await();
                synchronized (nodes) {
                    nodes.clear();
                }
                await();
            }
        };
    }

    private ShardSum node(Span span) {
        ShardSum known = nodes.get(span);
        if (known != null) {
            return known;
        }
        ShardSum left = node(span.left());
        ShardSum right = node(span.right());
        var tensors = new ArrayList<Tensor>();
        for (int i = 0; i < left.tensors().size(); i++) {
            Tensor sum = left.tensors().get(i).copy();
            for (int j = 0; j < sum.size(); j++) {
                sum.array()[j] += right.tensors().get(i).array()[j];
            }
            tensors.add(sum);
        }
        var totals = left.totals().clone();
        for (int i = 0; i < totals.length; i++) {
            totals[i] += right.totals()[i];
        }
        return new ShardSum(span, tensors, totals);
    }

    private void await() {
        try {
            barrier.await(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException failure) {
            throw new IllegalStateException("another rank failed", failure);
        }
    }
}
