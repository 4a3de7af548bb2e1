package org.resnet4j.onnx.proto;

/**
 * Numbers of the encoding of Protocol Buffers. A field is a tag, which holds its number and the type of its value, and
 * the value.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">the encoding</a>
 */
public final class Wire {
    /** Type of an integer in one to ten bytes. */
    public static final int VARINT = 0;

    /** Type of a number of eight bytes. */
    public static final int FIXED64 = 1;

    /** Type of a length with as many bytes after it: text, a message, packed numbers. */
    public static final int BYTES = 2;

    /** Type of a number of four bytes. */
    public static final int FIXED32 = 5;

    /** Bits of a tag below the number of the field. */
    static final int TYPE_BITS = 3;

    /** Bits of an integer in each byte, the lowest first. */
    static final int VARINT_BITS = 7;

    /** Set in every byte of an integer but the last. */
    static final int MORE = 1 << VARINT_BITS;

    private Wire() {}
}
