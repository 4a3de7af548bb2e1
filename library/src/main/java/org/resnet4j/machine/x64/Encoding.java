package org.resnet4j.machine.x64;

/**
 * The constant part of an EVEX-encoded instruction with elements of 32 bits or fewer.
 *
 * @param map the opcode map
 * @param prefix the prefix of a legacy encoding that the instruction would have
 * @param opcode the opcode
 * @param tuple the size of an operand in memory
 */
record Encoding(Map map, Prefix prefix, int opcode, Tuple tuple) {
    /** The bytes of an element of 32 bits. */
    private static final int ELEMENT = 4;

    /** An opcode map. The ordinal plus one is its code. */
    enum Map {
        MAP_0F,
        MAP_0F38;

        int code() {
            return ordinal() + 1;
        }
    }

    /** A mandatory prefix. The ordinal is its code. */
    enum Prefix {
        NONE,
        P66,
        PF3
    }

    /** The size of an operand in memory, which scales displacements of one byte. */
    enum Tuple {
        /** A whole vector. */
        FULL,
        /** Half a vector. */
        HALF_MEMORY,
        /** A quarter of a vector. */
        QUARTER_MEMORY,
        /** One element. */
        SCALAR
    }

    static Encoding map0f(Prefix prefix, int opcode, Tuple tuple) {
        return new Encoding(Map.MAP_0F, prefix, opcode, tuple);
    }

    static Encoding map0f38(Prefix prefix, int opcode, Tuple tuple) {
        return new Encoding(Map.MAP_0F38, prefix, opcode, tuple);
    }

    /** Returns the number of bytes of an operand in memory. */
    int bytes(Vector.Length length) {
        return switch (tuple) {
            case FULL -> length.bytes();
            case HALF_MEMORY -> length.bytes() / 2;
            case QUARTER_MEMORY -> length.bytes() / 4;
            case SCALAR -> ELEMENT;
        };
    }
}
