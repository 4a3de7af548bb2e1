package org.resnet4j.server.protocol;

/** Thrown for a request that is wrong in itself. The message is for the client. */
public final class InvalidRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidRequestException(String message) {
        super(message);
    }
}
