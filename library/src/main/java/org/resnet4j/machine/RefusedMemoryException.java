package org.resnet4j.machine;

/** Thrown if the operating system refuses memory for machine code. */
public final class RefusedMemoryException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedMemoryException(String message) {
        super(message);
    }
}
