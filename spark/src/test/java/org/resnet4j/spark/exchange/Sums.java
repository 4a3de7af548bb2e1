package org.resnet4j.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.shard.Ranks;
import org.resnet4j.training.shard.ShardSum;
import org.resnet4j.training.shard.Span;

/** Results of shards, drawn at random, and their sum by plain recursion. */
final class Sums {
    private Sums() {}

    /** Returns the result of a shard: values of very different magnitudes, so that the order of a sum shows. */
    static ShardSum leaf(int shard, long step, int totals, int... sizes) {
        var random = new SplittableRandom(step * 1000 + shard);
        var tensors = new ArrayList<Tensor>();
        for (int size : sizes) {
            // longer than needed, as recycled buffers are
            var array = new float[size + 3];
            for (int i = 0; i < array.length; i++) {
                array[i] = random.nextInt() * (float) (i % 7 == 0 ? 1e-3 : 1e-9);
            }
            tensors.add(Tensor.wrap(array, Shape.of(size)));
        }
        double[] values = random.doubles(totals, -1e6, 1e6).toArray();
        return new ShardSum(new Span(shard, shard + 1), tensors, values);
    }

    /** Returns the sum of the shards of a node. */
    static ShardSum of(Span node, long step, int totals, int... sizes) {
        if (node.isLeaf()) {
            return leaf(node.from(), step, totals, sizes);
        }
        ShardSum left = of(node.left(), step, totals, sizes);
        ShardSum right = of(node.right(), step, totals, sizes);
        for (int t = 0; t < sizes.length; t++) {
            for (int i = 0; i < sizes[t]; i++) {
                left.tensors().get(t).array()[i] += right.tensors().get(t).array()[i];
            }
        }
        for (int i = 0; i < totals; i++) {
            left.totals()[i] += right.totals()[i];
        }
        return new ShardSum(node, left.tensors(), left.totals());
    }

    /** Returns the sums of the nodes of a rank. */
    static List<ShardSum> own(Ranks ranks, int rank, long step, int totals, int... sizes) {
        return ranks.tree().largestWithin(ranks.of(rank)).stream()
                .map(node -> of(node, step, totals, sizes))
                .toList();
    }

    /** Returns zeros of the sizes of a sum. */
    static ShardSum zeros(Span node, int totals, int... sizes) {
        var tensors = new ArrayList<Tensor>();
        for (int size : sizes) {
            tensors.add(Tensor.wrap(new float[size], Shape.of(size)));
        }
        return new ShardSum(node, tensors, new double[totals]);
    }

    static void assertSameBits(ShardSum expected, ShardSum actual, String what) {
        for (int t = 0; t < expected.tensors().size(); t++) {
            assertArrayEquals(
                    bits(expected.tensors().get(t)), bits(actual.tensors().get(t)), what);
        }
        assertArrayEquals(bits(expected.totals()), bits(actual.totals()), what);
    }

    private static int[] bits(Tensor tensor) {
        var bits = new int[tensor.size()];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(tensor.array()[i]);
        }
        return bits;
    }

    private static long[] bits(double[] values) {
        var bits = new long[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Double.doubleToRawLongBits(values[i]);
        }
        return bits;
    }
}
