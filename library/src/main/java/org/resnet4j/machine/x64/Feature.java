package org.resnet4j.machine.x64;

/** A set of instructions that not every processor has, as {@code cpuid} reports it. */
public enum Feature {
    AVX512F(0, Output.EBX, 16),
    AVX512DQ(0, Output.EBX, 17),
    AVX512BW(0, Output.EBX, 30),
    AVX512VL(0, Output.EBX, 31),
    AVX512_VNNI(0, Output.ECX, 11),
    AVX512_BF16(1, Output.EAX, 5);

    /** The leaf of {@code cpuid} with these features. */
    static final int LEAF = 7;

    /** A register that {@code cpuid} writes. */
    private enum Output {
        EAX,
        EBX,
        ECX
    }

    private final int subleaf;
    private final Output output;
    private final int bit;

    Feature(int subleaf, Output output, int bit) {
        this.subleaf = subleaf;
        this.output = output;
        this.bit = bit;
    }

    int subleaf() {
        return subleaf;
    }

    /** Returns true if the feature is among the registers that {@code cpuid} wrote. */
    boolean isIn(long[] registers) {
        return (registers[output.ordinal()] >> bit & 1) != 0;
    }
}
