package org.resnet4j.kernel;

/**
 * The window of a convolution or pooling.
 *
 * @param height the number of rows
 * @param width the number of columns
 * @param stride the stride in both directions
 * @param padding the rows and columns of zeros on each side of the image
 */
public record Window(int height, int width, int stride, int padding) {
    /** A single pixel: every output depends on the input pixel at its own position. */
    public static final Window PIXEL = new Window(1, 1, 1, 0);

    public Window {
        if (height < 1 || width < 1 || stride < 1 || padding < 0) {
            throw new IllegalArgumentException(
                    "invalid window: " + height + "x" + width + ", stride " + stride + ", padding " + padding);
        }
    }

    /** Returns the output extent in one direction. */
    int outputs(int extent, int window) {
        return (extent + 2 * padding - window) / stride + 1;
    }
}
