package org.resnet4j.server.protocol;

/** The types of tensor elements that requests and replies may have. */
public enum Datatype {
    FP32(Float.BYTES),
    FP16(Short.BYTES),
    /** Strings of bytes, each of a length of its own. */
    BYTES(0);

    private final int bytes;

    Datatype(int bytes) {
        this.bytes = bytes;
    }

    /** Returns the bytes of an element; 0 if they vary. */
    public int bytes() {
        return bytes;
    }

    /**
     * Returns the type of a name in the protocol.
     *
     * @throws InvalidRequestException if it is not one of these
     */
    public static Datatype of(String name) throws InvalidRequestException {
        for (Datatype type : values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        throw new InvalidRequestException(
                "the datatype '" + name + "' is not supported; inputs are FP32, FP16 or BYTES");
    }
}
