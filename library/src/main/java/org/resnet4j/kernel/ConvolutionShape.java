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
 * @param kernelHeight rows of the window
 * @param kernelWidth columns of the window
 * @param stride the step of the window, both ways
 * @param padding rows and columns of zeros around the input
 * @param groups the channels are cut into so many groups that do not see each other
 */
public record ConvolutionShape(
        int batch,
        int height,
        int width,
        int inChannels,
        int outChannels,
        int kernelHeight,
        int kernelWidth,
        int stride,
        int padding,
        int groups) {
    public ConvolutionShape {
        if (batch < 1 || height < 1 || width < 1 || inChannels < 1 || outChannels < 1) {
            throw new IllegalArgumentException("extents must be positive: batch " + batch + ", image " + height + "x"
                    + width + ", channels " + inChannels + " to " + outChannels);
        }
        if (kernelHeight < 1 || kernelWidth < 1 || stride < 1 || padding < 0) {
            throw new IllegalArgumentException("unusable window: " + kernelHeight + "x" + kernelWidth + ", stride "
                    + stride + ", padding " + padding);
        }
        if (groups < 1 || inChannels % groups != 0 || outChannels % groups != 0) {
            throw new IllegalArgumentException(
                    groups + " groups do not divide " + inChannels + " and " + outChannels + " channels");
        }
        if (height + 2 * padding < kernelHeight || width + 2 * padding < kernelWidth) {
            throw new IllegalArgumentException("a window of " + kernelHeight + "x" + kernelWidth
                    + " does not fit an image of " + height + "x" + width + " with padding " + padding);
        }
    }

    /** A product of matrices, {@code [rows, in] · [in, out]}, as a 1x1 convolution over an image of one pixel for each row. */
    public static ConvolutionShape matrix(int rows, int in, int out) {
        return new ConvolutionShape(1, 1, rows, in, out, 1, 1, 1, 0, 1);
    }

    /** The convolution from the output back to the input: the numbers of channels exchanged. */
    public ConvolutionShape transposed() {
        return new ConvolutionShape(
                batch, height, width, outChannels, inChannels, kernelHeight, kernelWidth, stride, padding, groups);
    }

    /** The same convolution of other images. */
    public ConvolutionShape withImages(int changedBatch, int changedHeight, int changedWidth) {
        return new ConvolutionShape(
                changedBatch,
                changedHeight,
                changedWidth,
                inChannels,
                outChannels,
                kernelHeight,
                kernelWidth,
                stride,
                padding,
                groups);
    }

    /** Rows of the output. */
    public int outHeight() {
        return (height + 2 * padding - kernelHeight) / stride + 1;
    }

    /** Columns of the output. */
    public int outWidth() {
        return (width + 2 * padding - kernelWidth) / stride + 1;
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
        return kernelHeight * kernelWidth * (inChannels / groups) * outChannels;
    }

    /** Multiply-adds of one pass; forward and each of the two gradients take as many. */
    public long multiplyAdds() {
        return (long) outputSize() * kernelHeight * kernelWidth * (inChannels / groups);
    }

    /** Whether every output pixel sees exactly the input pixel of its own place. */
    public boolean isPointwise() {
        return kernelHeight == 1 && kernelWidth == 1 && stride == 1 && padding == 0;
    }
}
