package org.resnet4j.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.resnet4j.kernel.ElementwiseKernel;
import org.resnet4j.parallel.ElementChunks;
import org.resnet4j.parallel.Workers;

/** Elementwise arithmetic, one vector at a time. */
final class VectorElementwise implements ElementwiseKernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

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
    public void multiply(int size, float[] x, float[] y, Workers workers) {
        ElementChunks.run(size, workers, (from, to) -> {
            int i = from;
            for (; i + LANES <= to; i += LANES) {
                FloatVector.fromArray(SPECIES, y, i)
                        .mul(FloatVector.fromArray(SPECIES, x, i))
                        .intoArray(y, i);
            }
            for (; i < to; i++) {
                y[i] *= x[i];
            }
        });
    }
}
