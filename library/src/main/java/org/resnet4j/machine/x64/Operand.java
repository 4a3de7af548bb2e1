package org.resnet4j.machine.x64;

/** An operand that the field {@code r/m} of an instruction can hold: a register, or memory. */
sealed interface Operand permits Register, Mask, Vector, Memory {
    /** Returns the number of the register, or of the base register of memory. */
    int number();
}
