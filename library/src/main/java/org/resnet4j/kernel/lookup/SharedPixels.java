package org.resnet4j.kernel.lookup;

import org.resnet4j.kernel.PixelKernel;
import org.resnet4j.kernel.plain.ScalarKernels;
import org.resnet4j.kernel.plain.ScalarPixels;
import org.resnet4j.kernel.vector.VectorKernels;

/**
 * The kernel of pictures that all threads share: plain loops at first, and the Vector API as soon as the JIT compiler has
 * compiled it, to which end a thread calls it. Until then each vector is an object on the heap, and the first picture of a
 * process would take a second or two instead of a tenth of one. Both compute the same bits.
 */
final class SharedPixels {
    /** The number of rounds that the vectors must win one after another, because a single one may be chance. */
    private static final int WINS = 3;

    /** The number of rounds after which the plain loops stay. */
    private static final int MOST_ROUNDS = 100_000;

    private static volatile PixelKernel current = ScalarKernels.pixels();

    static {
        if (KernelLookup.isVectorAvailable()) {
            PixelKernel vector = VectorKernels.pixels();
            if (!(vector instanceof ScalarPixels)) {
                Thread.ofPlatform().name("resnet4j-pixels").daemon().start(() -> warmUp(current, vector));
            }
        }
    }

    private SharedPixels() {}

    /** Returns the fastest kernel at this moment. */
    static PixelKernel current() {
        return current;
    }

    /** Calls both kernels in turns until the vectors are faster. */
    private static void warmUp(PixelKernel plain, PixelKernel vector) {
        var plainRound = new PixelRound(plain);
        var vectorRound = new PixelRound(vector);
        int wins = 0;
        for (int round = 0; round < MOST_ROUNDS && wins < WINS; round++) {
            wins = vectorRound.nanos() < plainRound.nanos() ? wins + 1 : 0;
        }
        if (wins == WINS) {
            current = vector;
        }
    }
}
