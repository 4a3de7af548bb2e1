package org.resnet4j.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.resnet4j.kernel.BFloat16Pairs;
import org.resnet4j.kernel.ElementwiseKernel;
import org.resnet4j.parallel.ElementChunks;
import org.resnet4j.parallel.Workers;

/** Elementwise arithmetic on feature maps in bfloat16, one vector at a time. */
final class PairElementwise implements ElementwiseKernel {
    private static final int LANES = VectorPairs.LANES;

    @Override
    public void relu(int size, float[] x, float[] y, Workers workers) {
        ElementChunks.run(size, workers, (from, to) -> {
            int i = from;
            for (; i + LANES <= to; i += LANES) {
                VectorPairs.storeExact(VectorPairs.load(x, i).max(0f), y, i);
            }
            for (; i < to; i++) {
                BFloat16Pairs.set(y, i, Math.max(0f, BFloat16Pairs.get(x, i)));
            }
        });
    }

    @Override
    public void reluBackward(int size, float[] y, float[] dy, float[] dx, Workers workers) {
        ElementChunks.run(size, workers, (from, to) -> {
            var zero = FloatVector.zero(VectorPairs.SPECIES);
            int i = from;
            for (; i + LANES <= to; i += LANES) {
                var open = VectorPairs.load(y, i).compare(VectorOperators.GT, zero);
                VectorPairs.storeExact(zero.blend(VectorPairs.load(dy, i), open), dx, i);
            }
            for (; i < to; i++) {
                BFloat16Pairs.set(dx, i, BFloat16Pairs.get(y, i) > 0 ? BFloat16Pairs.get(dy, i) : 0f);
            }
        });
    }

    @Override
    public void add(int size, float[] x, float[] y, Workers workers) {
        ElementChunks.run(size, workers, (from, to) -> {
            int i = from;
            for (; i + LANES <= to; i += LANES) {
                VectorPairs.store(VectorPairs.load(y, i).add(VectorPairs.load(x, i)), y, i);
            }
            for (; i < to; i++) {
                BFloat16Pairs.set(y, i, BFloat16Pairs.get(y, i) + BFloat16Pairs.get(x, i));
            }
        });
    }

    @Override
    public void multiply(int size, float[] x, float[] y, Workers workers) {
        ElementChunks.run(size, workers, (from, to) -> {
            int i = from;
            for (; i + LANES <= to; i += LANES) {
                VectorPairs.store(VectorPairs.load(y, i).mul(VectorPairs.load(x, i)), y, i);
            }
            for (; i < to; i++) {
                BFloat16Pairs.set(y, i, BFloat16Pairs.get(y, i) * BFloat16Pairs.get(x, i));
            }
        });
    }
}
