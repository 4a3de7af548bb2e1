package org.resnet4j.machine.x64;

/**
 * A mask register, with a bit for each lane of a vector. {@code k0} cannot mask an instruction: its number means that
 * there is no mask.
 */
public enum Mask implements Operand {
    K0,
    K1,
    K2,
    K3,
    K4,
    K5,
    K6,
    K7;

    /** Returns the number in the encoding. */
    @Override
    public int number() {
        return ordinal();
    }
}
