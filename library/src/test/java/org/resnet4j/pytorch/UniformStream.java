package org.resnet4j.pytorch;

/**
 * The numbers that the reference values were computed from: number i of stream s is output n = s·2^32 + i of
 * SplitMix64 seeded with 0 (Steele, Lea and Flood, 2014), its top 24 bits as a number in [-1, 1), which a float holds exactly.
 */
public final class UniformStream {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private UniformStream() {}

    /** One number of a stream. */
    public static double at(long stream, long index) {
        long z = ((stream << 32) + index + 1) * GOLDEN_GAMMA;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        z ^= z >>> 31;
        return (z >>> 40) / 0x1p23 - 1;
    }

    /** The first numbers of a stream. */
    public static float[] floats(long stream, int size) {
        return floats(stream, size, 1, 0);
    }

    /** {@code offset + scale · number}, computed in double precision and rounded once. */
    public static float[] floats(long stream, int size, double scale, double offset) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (offset + scale * at(stream, i));
        }
        return values;
    }
}
