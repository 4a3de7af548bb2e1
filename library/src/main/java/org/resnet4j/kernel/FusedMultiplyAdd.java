package org.resnet4j.kernel;

/**
 * {@code a·b + c}, rounded once, on processors with an instruction for it and without. Those without are x86 processors
 * before 2013, and virtual machines and emulators that hide the instruction.
 */
public final class FusedMultiplyAdd {
    private static final int ATTEMPTS = 20;
    private static final int CALLS = 8;

    /** The instruction takes about ten, even in the interpreter; without it, the JDK takes 16,000. */
    private static final long MOST_NANOSECONDS = 1000;

    /** False where {@link Math#fma} is a computation in decimal numbers, a thousand times slower than the instruction. */
    public static final boolean IS_INSTRUCTION = isInstruction();

    private FusedMultiplyAdd() {}

    /**
     * Returns true if {@link Math#fma} is fast. No property of the JVM says it without the management beans, which take 40
     * ms to load. The fastest of several attempts counts, so that no interruption is mistaken for slowness.
     */
    private static boolean isInstruction() {
        long fastest = Long.MAX_VALUE;
        float sum = 0;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long start = System.nanoTime();
            for (int call = 0; call < CALLS; call++) {
                sum = Math.fma(sum, 0.7f, 0.1f);
            }
            fastest = Math.min(fastest, System.nanoTime() - start);
        }
        return fastest < CALLS * MOST_NANOSECONDS;
    }

    /** Returns {@code a·b + c}, rounded once: the same bits on every processor. */
    public static float of(float a, float b, float c) {
        return IS_INSTRUCTION ? Math.fma(a, b, c) : inDoubles(a, b, c);
    }

    /**
     * Computes it in doubles, which hold the product exactly. The sum is rounded to odd, so that rounding it once more, to a
     * float, is correct (Boldo and Melquiond, <i>Emulation of a FMA and correctly rounded sums: proved algorithms using
     * rounding to odd</i>, IEEE Transactions on Computers 57, 2008).
     */
    static float inDoubles(float a, float b, float c) {
        double product = (double) a * b;
        double sum = product + c;
        double addend = sum - product;
        double error = product - (sum - addend) + (c - addend);
        long bits = Double.doubleToRawLongBits(sum);
        // false for NaN, the error of infinite sums
        if (Math.abs(error) > 0 && (bits & 1) == 0) {
            bits += error > 0 == sum > 0 ? 1 : -1;
        }
        return (float) Double.longBitsToDouble(bits);
    }
}
