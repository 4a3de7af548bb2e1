package org.resnet4j.tensor;

/** An operation was given a tensor whose shape does not fit: names the operation, what it expected and what came. */
public final class ShapeMismatchException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * @param operation what was asked for, e.g. {@code "conv2d layer1.0.conv1"}
     * @param expected the shape that fits, in words where an extent is free, e.g. {@code "[N, H, W, 64]"}
     * @param actual the shape that came
     */
    public ShapeMismatchException(String operation, String expected, Shape actual) {
        super(operation + ": expected shape " + expected + ", got " + actual);
    }
}
