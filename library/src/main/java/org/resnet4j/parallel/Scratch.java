package org.resnet4j.parallel;

/**
 * Arrays that one compute thread keeps for itself and uses again, so that kernels allocate nothing after their first
 * call. Each {@code slot} is one array; asking again for the same slot gives the same array, with what was left in it.
 */
public final class Scratch {
    /** How many arrays of each kind a kernel may hold at once. */
    public static final int SLOTS = 8;

    private final float[][] floats = new float[SLOTS][];
    private final int[][] ints = new int[SLOTS][];

    /** An array of at least {@code length} floats, not cleared. */
    public float[] floats(int slot, int length) {
        float[] array = floats[slot];
        if (array == null || array.length < length) {
            array = new float[length];
            floats[slot] = array;
        }
        return array;
    }

    /** An array of at least {@code length} ints, not cleared. */
    public int[] ints(int slot, int length) {
        int[] array = ints[slot];
        if (array == null || array.length < length) {
            array = new int[length];
            ints[slot] = array;
        }
        return array;
    }
}
