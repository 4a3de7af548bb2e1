package org.resnet4j.kernel;

/**
 * The window of a convolution or pooling.
 *
 * @param height rows
 * @param width columns
 * @param stride the step from one output to the next, both ways
 * @param padding rows and columns of zeros around the image
 */
public record Window(int height, int width, int stride, int padding) {
    /** A single pixel: every output sees the pixel of its own place. */
    public static final Window PIXEL = new Window(1, 1, 1, 0);

    public Window {
        if (height < 1 || width < 1 || stride < 1 || padding < 0) {
            throw new IllegalArgumentException(
                    "unusable window: " + height + "x" + width + ", stride " + stride + ", padding " + padding);
        }
    }

    /** Returns the extent of the output in one direction, of an image and a window of these extents. */
    int outputs(int extent, int window) {
        return (extent + 2 * padding - window) / stride + 1;
    }
}
