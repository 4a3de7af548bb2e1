package org.resnet4j.kernel;

/**
 * The geometry of a 2-d convolution over a batch of NHWC images.
 *
 * <p>Input {@code [batch, height, width, inChannels]}, weights {@code [kernelHeight, kernelWidth, inChannels / groups,
 * outChannels]}, output {@code [batch, outHeight(), outWidth(), outChannels]}, all row-major. Outside the image the
 * input counts as zero.
 *
 * @param batch N, the number of images
 * @param height H, rows of the input
 * @param width W, columns of the input
 * @param inChannels C, a multiple of {@code groups}
 * @param outChannels K, a multiple of {@code groups}
 * @param window what an output sees
 * @param groups the channels are cut into so many groups that do not see each other
 */
public record ConvolutionShape(
        int batch, int height, int width, int inChannels, int outChannels, Window window, int groups) {
    public ConvolutionShape {
        if (batch < 1 || height < 1 || width < 1 || inChannels < 1 || outChannels < 1) {
            throw new IllegalArgumentException("extents must be positive: batch " + batch + ", image " + height + "x"
                    + width + ", channels " + inChannels + " to " + outChannels);
        }
        if (groups < 1 || inChannels % groups != 0 || outChannels % groups != 0) {
            throw new IllegalArgumentException(
                    groups + " groups do not divide " + inChannels + " and " + outChannels + " channels");
        }
        if (height + 2 * window.padding() < window.height() || width + 2 * window.padding() < window.width()) {
            throw new IllegalArgumentException("a window of " + window.height() + "x" + window.width()
                    + " does not fit an image of " + height + "x" + width + " with padding " + window.padding());
        }
    }

    /** A product of matrices, {@code [rows, in] · [in, out]}, as a 1x1 convolution over an image of one pixel for each row. */
    public static ConvolutionShape matrix(int rows, int in, int out) {
        return new ConvolutionShape(1, 1, rows, in, out, Window.PIXEL, 1);
    }

    /** The convolution from the output back to the input: the numbers of channels exchanged. */
    public ConvolutionShape transposed() {
        return new ConvolutionShape(batch, height, width, outChannels, inChannels, window, groups);
    }

    /** The same convolution of other images. */
    public ConvolutionShape withImages(int changedBatch, int changedHeight, int changedWidth) {
        return new ConvolutionShape(changedBatch, changedHeight, changedWidth, inChannels, outChannels, window, groups);
    }

    /** Rows of the window. */
    public int kernelHeight() {
        return window.height();
    }

    /** Columns of the window. */
    public int kernelWidth() {
        return window.width();
    }

    /** The step of the window, both ways. */
    public int stride() {
        return window.stride();
    }

    /** Rows and columns of zeros around the input. */
    public int padding() {
        return window.padding();
    }

    /** Rows of the output. */
    public int outHeight() {
        return window.outputs(height, window.height());
    }

    /** Columns of the output. */
    public int outWidth() {
        return window.outputs(width, window.width());
    }

    /** Floats of the input. */
    public int inputSize() {
        return batch * height * width * inChannels;
    }

    /** Floats of the output. */
    public int outputSize() {
        return batch * outHeight() * outWidth() * outChannels;
    }

    /** Floats of the weights. */
    public int weightSize() {
        return window.height() * window.width() * (inChannels / groups) * outChannels;
    }

    /** Multiply-adds of one pass; forward and each of the two gradients take as many. */
    public long multiplyAdds() {
        return (long) outputSize() * window.height() * window.width() * (inChannels / groups);
    }

    /** Whether every output pixel sees exactly the input pixel of its own place. */
    public boolean isPointwise() {
        return window.equals(Window.PIXEL);
    }
}
