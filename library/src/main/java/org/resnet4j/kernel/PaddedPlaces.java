package org.resnet4j.kernel;

import org.jspecify.annotations.Nullable;

/**
 * The layouts of the images that a convolution reads and writes.
 *
 * @param shape the geometry
 * @param x the layout of the input, with a halo of at least the padding
 * @param y the layout of the output; for floats, without a halo
 * @param residual the layout of the images that are added, or null
 */
public record PaddedPlaces(
        ConvolutionShape shape,
        PaddedImages x,
        PaddedImages y,
        @Nullable PaddedImages residual) {
    /** The length of an array that is not there. */
    private static final int NONE = -1;

    public PaddedPlaces {
        require(x, shape.batch(), shape.height(), shape.width(), shape.inChannels());
        require(y, shape.batch(), shape.outHeight(), shape.outWidth(), shape.outChannels());
        if (residual != null) {
            require(residual, shape.batch(), shape.outHeight(), shape.outWidth(), shape.outChannels());
        }
        if (x.halo() < shape.padding()) {
            throw new IllegalArgumentException("a halo of " + x.halo() + " for a padding of " + shape.padding());
        }
    }

    private static void require(PaddedImages images, int batch, int height, int width, int channels) {
        if (!images.isOf(batch, height, width, channels)) {
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
        check(input.length, added == null ? NONE : added.length, output.length, input == output);
    }

    /** Checks the lengths of the arrays of a call that computes bfloat16 numbers. */
    @SuppressWarnings("ReferenceEquality") // the same array, not one with the same contents
    public void check(short[] input, short @Nullable [] added, short[] output) {
        check(input.length, added == null ? NONE : added.length, output.length, input == output);
    }

    private void check(int input, int added, int output, boolean inPlace) {
        boolean fits = residual == null ? added == NONE : added >= residual.length();
        if (input < x.length() || output < y.length() || inPlace || !fits) {
            throw new IllegalArgumentException("arrays of " + input + ", " + (added == NONE ? "no" : added) + " and "
                    + output + " elements" + (inPlace ? ", which are one," : "") + " for " + this);
        }
    }

    /** Checks the factors of bytes: one for each channel of the output, or for each channel of each image. */
    public void check(Int8Rescaling rescaling) {
        int channels = shape.outChannels();
        boolean ofImages = rescaling.factors().length > channels;
        rescaling.check(ofImages ? shape.batch() * channels : channels, Int8Rescaling.HIGHEST);
    }

    /** Checks the lengths of the arrays of a call that computes floats from bytes. */
    public void check(byte[] input, float[] output) {
        check(input.length, output);
    }

    /** Checks the lengths of the arrays of a call that computes floats from bfloat16 numbers. */
    public void check(short[] input, float[] output) {
        check(input.length, output);
    }

    private void check(int input, float[] output) {
        long bytes = (long) Float.BYTES * shape.outputSize();
        boolean fits = input >= x.length() && output.length >= shape.outputSize();
        if (!fits || bytes > Integer.MAX_VALUE || residual != null) {
            throw new IllegalArgumentException(
                    "arrays of " + input + " elements and " + output.length + " floats for " + this);
        }
    }
}
