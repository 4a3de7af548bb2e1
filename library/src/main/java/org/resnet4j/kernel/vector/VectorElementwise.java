package org.resnet4j.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.resnet4j.kernel.ElementwiseKernel;
import org.resnet4j.kernel.FusedMultiplyAdd;
import org.resnet4j.kernel.plain.ScalarElementwise;
import org.resnet4j.parallel.ElementChunks;
import org.resnet4j.parallel.Workers;

/**
 * Elementwise arithmetic: plain loops, for which the JIT compiler itself uses vectors, faster ones by a third to a half at
 * every width, and the Vector API where a loop has a condition.
 */
final class VectorElementwise implements ElementwiseKernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private final ScalarElementwise plain = new ScalarElementwise();

    @Override
    public void relu(int size, float[] x, float[] y, Workers workers) {
        plain.relu(size, x, y, workers);
    }

    @Override
    public void reluBackward(int size, float[] y, float[] dy, float[] dx, Workers workers) {
        if (!FusedMultiplyAdd.IS_INSTRUCTION) {
            // so old a processor has no vectors of conditions either
            plain.reluBackward(size, y, dy, dx, workers);
            return;
        }
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
        plain.add(size, x, y, workers);
    }

    @Override
    public void multiply(int size, float[] x, float[] y, Workers workers) {
        plain.multiply(size, x, y, workers);
    }
}
