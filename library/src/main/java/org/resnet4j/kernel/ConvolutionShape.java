package org.resnet4j.kernel;

/**
 * The geometry of a 2-d convolution over a batch of NHWC images.
 *
 * <p>Input {@code [batch, height, width, inChannels]}, weights {@code [kernelHeight, kernelWidth, inChannels / groups,
 * outChannels]}, output {@code [batch, outHeight(), outWidth(), outChannels]}, all row-major. The input is padded with
 * zeros.
 *
 * @param batch N, the number of images
 * @param height H, the rows of the input
 * @param width W, the columns of the input
 * @param inChannels C, a multiple of {@code groups}
 * @param outChannels K, a multiple of {@code groups}
 * @param window the receptive field of an output pixel
 * @param groups the number of independent channel groups
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

    /**
     * Returns a matrix product, {@code [rows, in] · [in, out]}, as a 1x1 convolution with one image pixel for each row.
     */
    public static ConvolutionShape matrix(int rows, int in, int out) {
        return new ConvolutionShape(1, 1, rows, in, out, Window.PIXEL, 1);
    }

    /** Returns the convolution from the output back to the input: the numbers of channels are exchanged. */
    public ConvolutionShape transposed() {
        return new ConvolutionShape(batch, height, width, outChannels, inChannels, window, groups);
    }

    /** Returns this convolution over other images. */
    public ConvolutionShape withImages(int changedBatch, int changedHeight, int changedWidth) {
        return new ConvolutionShape(changedBatch, changedHeight, changedWidth, inChannels, outChannels, window, groups);
    }

    /** Returns the number of rows of the window. */
    public int kernelHeight() {
        return window.height();
    }

    /** Returns the number of columns of the window. */
    public int kernelWidth() {
        return window.width();
    }

    /** Returns the stride in both directions. */
    public int stride() {
        return window.stride();
    }

    /** Returns the rows and columns of zeros on each side of the input. */
    public int padding() {
        return window.padding();
    }

    /** Returns the number of rows of the output. */
    public int outHeight() {
        return window.outputs(height, window.height());
    }

    /** Returns the number of columns of the output. */
    public int outWidth() {
        return window.outputs(width, window.width());
    }

    /** Returns the number of floats of the input. */
    public int inputSize() {
        return batch * height * width * inChannels;
    }

    /** Returns the number of floats of the output. */
    public int outputSize() {
        return batch * outHeight() * outWidth() * outChannels;
    }

    /** Returns the number of floats of the weights. */
    public int weightSize() {
        return window.height() * window.width() * (inChannels / groups) * outChannels;
    }

    /** Returns the number of multiply-adds of one pass; the forward pass and both gradients take the same number. */
    public long multiplyAdds() {
        return (long) outputSize() * window.height() * window.width() * (inChannels / groups);
    }

    /** Returns true if every output pixel depends only on the input pixel at the same position. */
    public boolean isPointwise() {
        return window.equals(Window.PIXEL);
    }
}
