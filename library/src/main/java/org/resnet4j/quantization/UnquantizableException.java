package org.resnet4j.quantization;

/** Thrown if the numbers of a network are too large to be computed with in 8 bits. The message names a layer. */
public final class UnquantizableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnquantizableException(IllegalArgumentException cause) {
        super(cause.getMessage(), cause);
    }
}
