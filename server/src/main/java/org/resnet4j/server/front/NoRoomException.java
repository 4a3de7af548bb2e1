package org.resnet4j.server.front;

/** Thrown when the requests that a server holds leave no room for another one. */
public final class NoRoomException extends Exception {
    private static final long serialVersionUID = 1L;

    NoRoomException() {
        super("the server holds as many bytes of requests as it may");
    }
}
