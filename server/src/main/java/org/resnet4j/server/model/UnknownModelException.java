package org.resnet4j.server.model;

/** Thrown for a model that the server does not hold. */
public final class UnknownModelException extends Exception {
    private static final long serialVersionUID = 1L;

    UnknownModelException(String message) {
        super(message);
    }
}
