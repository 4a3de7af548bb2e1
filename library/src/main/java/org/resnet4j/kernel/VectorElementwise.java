package org.resnet4j.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.resnet4j.parallel.Workers;

/** Elementwise arithmetic, one vector at a time. */
final class VectorElementwise implements ElementwiseKernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** Shared scratch slot of {@link #sumOfSquares}. */
    private static final int SUMS = 2;

    @Override
    public void relu(int size, float[] x, float[] y, Workers workers) {
        ElementChunks.run(size, workers, (from, to) -> {
            int i = from;
            for (; i + LANES <= to; i += LANES) {
                FloatVector.fromArray(SPECIES, x, i).max(0f).intoArray(y, i);
            }
            for (; i < to; i++) {
                y[i] = Math.max(0f, x[i]);
            }
        });
    }

    @Override
    public void reluBackward(int size, float[] y, float[] dy, float[] dx, Workers workers) {
        ElementChunks.run(size, workers, (from, to) -> {
            var zero = FloatVector.zero(SPECIES);
            int i = from;
            for (; i + LANES <= to; i += LANES) {
                var open = FloatVector.fromArray(SPECIES, y, i).compare(VectorOperators.GT, zero);
                zero.blend(FloatVector.fromArray(SPECIES, dy, i), open).intoArray(dx, i);
            }
            for (; i < to; i++) {
                dx[i] = y[i] > 0 ? dy[i] : 0f;
            }
        });
    }

    @Override
    public void add(int size, float[] x, float[] y, Workers workers) {
        ElementChunks.run(size, workers, (from, to) -> {
            int i = from;
            for (; i + LANES <= to; i += LANES) {
                FloatVector.fromArray(SPECIES, y, i)
                        .add(FloatVector.fromArray(SPECIES, x, i))
                        .intoArray(y, i);
            }
            for (; i < to; i++) {
                y[i] += x[i];
            }
        });
    }

    @Override
    public void scaleAndAdd(int size, float a, float[] y, float b, float[] x, Workers workers) {
        ElementChunks.run(size, workers, (from, to) -> {
            int i = from;
            for (; i + LANES <= to; i += LANES) {
                FloatVector.fromArray(SPECIES, y, i)
                        .mul(a)
                        .add(FloatVector.fromArray(SPECIES, x, i).mul(b))
                        .intoArray(y, i);
            }
            for (; i < to; i++) {
                y[i] = a * y[i] + b * x[i];
            }
        });
    }

    @Override
    public double sumOfSquares(int size, float[] x, Workers workers) {
        var chunks = PixelChunks.of(size, 1);
        float[] sums = workers.shared().floats(SUMS, chunks.count());
        workers.run(chunks.count(), (chunk, scratch) -> {
            var sum = FloatVector.zero(SPECIES);
            int i = chunks.from(chunk);
            int to = chunks.to(chunk);
            for (; i + LANES <= to; i += LANES) {
                var value = FloatVector.fromArray(SPECIES, x, i);
                sum = value.fma(value, sum);
            }
            double rest = 0;
            for (; i < to; i++) {
                rest += (double) x[i] * x[i];
            }
            // Not reduceLanes, whose order is free: the same bits in the interpreter and in compiled code.
            float[] lanes = scratch.floats(0, LANES);
            sum.intoArray(lanes, 0);
            for (int lane = 0; lane < LANES; lane++) {
                rest += lanes[lane];
            }
            sums[chunk] = (float) rest;
        });
        double sum = 0;
        for (int chunk = 0; chunk < chunks.count(); chunk++) {
            sum += sums[chunk];
        }
        return sum;
    }
}
