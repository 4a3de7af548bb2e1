package org.resnet4j.onnx;

/** A file's graph is not that of a network: says where the two part. */
final class GraphMismatchException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long position;
    private final int steps;

    /**
     * @param position in the file
     * @param steps how many of the network's steps were found before
     */
    GraphMismatchException(long position, int steps, String message) {
        super(message);
        this.position = position;
        this.steps = steps;
    }

    long position() {
        return position;
    }

    int steps() {
        return steps;
    }
}
