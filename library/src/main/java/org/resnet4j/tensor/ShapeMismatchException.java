package org.resnet4j.tensor;

/**
 * Thrown if an operation is given a tensor of the wrong shape. Names the operation, the expected and the actual shape.
 *
 * @since 0.1.0
 */
public final class ShapeMismatchException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * Describes the mismatch.
     *
     * @param operation the operation, e.g. {@code "conv2d layer1.0.conv1"}
     * @param expected the expected shape, in words where an extent is arbitrary, e.g. {@code "[N, H, W, 64]"}
     * @param actual the actual shape
     */
    public ShapeMismatchException(String operation, String expected, Shape actual) {
        super(operation + ": expected shape " + expected + ", got " + actual);
    }
}
