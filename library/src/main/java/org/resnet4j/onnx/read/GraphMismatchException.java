package org.resnet4j.onnx.read;

/** Thrown when a file's graph is not that of a network. The message describes the first difference. */
public final class GraphMismatchException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long position;
    private final int steps;

    /**
     * @param position position in the file
     * @param steps number of the network's steps that were found before
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
