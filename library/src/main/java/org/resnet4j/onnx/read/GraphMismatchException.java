package org.resnet4j.onnx.read;

/** A file's graph is not that of a network: says where the two part. */
public final class GraphMismatchException extends Exception {
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

    public long position() {
        return position;
    }

    public int steps() {
        return steps;
    }
}
