package org.resnet4j.kernel;

import org.jspecify.annotations.Nullable;

/**
 * The layouts of the images that a quantized convolution reads and writes.
 *
 * @param shape the geometry
 * @param x the layout of the input, with a halo of at least the padding
 * @param y the layout of the output; for floats, without a halo
 * @param residual the layout of the images that are added, or null
 */
public record Int8Places(
        ConvolutionShape shape,
        ByteImages x,
        ByteImages y,
        @Nullable ByteImages residual) {
    public Int8Places {
        require(x, shape.batch(), shape.height(), shape.width(), shape.inChannels());
        require(y, shape.batch(), shape.outHeight(), shape.outWidth(), shape.outChannels());
        if (residual != null) {
            require(residual, shape.batch(), shape.outHeight(), shape.outWidth(), shape.outChannels());
        }
        if (x.halo() < shape.padding()) {
            throw new IllegalArgumentException("a halo of " + x.halo() + " for a padding of " + shape.padding());
        }
    }

    private static void require(ByteImages images, int batch, int height, int width, int channels) {
        if (images.batch() != batch
                || images.height() != height
                || images.width() != width
                || images.channels() != channels) {
            throw new IllegalArgumentException(
                    images + ", expected " + batch + "x" + height + "x" + width + "x" + channels);
        }
    }

    /** Checks the arrays of a convolution that computes bytes: their lengths, and whether there is a residual. */
    public void check(Int8Epilogue epilogue, byte[] input, byte @Nullable [] added, byte[] output) {
        check(input, added, output);
        if ((epilogue.sum() != null) != (added != null)) {
            throw new IllegalArgumentException((added == null ? "no residual" : "a residual") + " for " + epilogue);
        }
    }

    /** Checks the lengths of the arrays of a call that computes bytes. */
    @SuppressWarnings("ReferenceEquality") // the same array, not one with the same contents
    public void check(byte[] input, byte @Nullable [] added, byte[] output) {
        ByteImages layout = residual;
        boolean hasResidual =
                layout == null || added == null ? layout == null && added == null : added.length >= layout.bytes();
        if (input.length < x.bytes() || output.length < y.bytes() || input == output || !hasResidual) {
            throw new IllegalArgumentException("arrays of " + input.length + ", "
                    + (added == null ? "no" : added.length) + " and " + output.length + " bytes for " + this);
        }
    }

    /** Checks the factors of bytes: one for each channel of the output, or for each channel of each image. */
    public void check(Int8Rescaling rescaling) {
        int channels = shape.outChannels();
        boolean ofImages = rescaling.factors().length > channels;
        rescaling.check(ofImages ? shape.batch() * channels : channels, Int8Rescaling.HIGHEST);
    }

    /** Checks the lengths of the arrays of a call that computes floats. */
    public void check(byte[] input, float[] output) {
        long bytes = (long) Float.BYTES * shape.outputSize();
        boolean fits = input.length >= x.bytes() && output.length >= shape.outputSize();
        if (!fits || bytes > Integer.MAX_VALUE || residual != null) {
            throw new IllegalArgumentException(
                    "arrays of " + input.length + " bytes and " + output.length + " floats for " + this);
        }
    }
}
