package org.resnet4j.machine.x64;

/** A general-purpose register of 64 bits. Its ordinal is its number in the encoding. */
public enum Register implements Operand {
    RAX,
    RCX,
    RDX,
    RBX,
    RSP,
    RBP,
    RSI,
    RDI,
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15;

    /** Returns the number in the encoding. */
    @Override
    public int number() {
        return ordinal();
    }
}
