package org.resnet4j.kernel.vector.winograd;

import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.FusedMultiplyAdd;

/** The selection of a convolution's Winograd transform, if any, by its shape alone. */
public final class WinogradChoice {
    /**
     * The minimum product of input and output channels for which a layer's weights do not stay in a cache between two
     * calls.
     */
    private static final int WEIGHTS_IN_MEMORY = 256 * 256;

    /**
     * The cost of reading a weight in multiply-adds: 116 billion multiply-adds and 6 billion floats a second on two
     * cores.
     */
    private static final int READING = 19;

    /** With stride 2 and fewer channels, the transforms cost as much as they save. */
    private static final int FEWEST_CHANNELS_STRIDED = 64;

    /** The transforms of {@link VectorTransform4} are multiply-adds, those of the others additions. */
    private static final boolean HAS_LARGE = FusedMultiplyAdd.IS_INSTRUCTION;

    private WinogradChoice() {}

    /** Returns the transform for the weight gradient of a convolution of stride 1, or null if direct computation is cheapest. */
    public static @Nullable WinogradGradientTransform ofWeights(ConvolutionShape s) {
        return HAS_LARGE && s.stride() == 1 && VectorPackedWinograd.suits(s) ? new VectorTransform4() : null;
    }

    /** Returns the cheapest transform, or null if direct convolution is cheapest. */
    public static @Nullable WinogradTransform of(ConvolutionShape s) {
        if (!VectorPackedWinograd.suits(s)) {
            return null;
        }
        if (s.stride() == 1) {
            var small = new VectorTransform2();
            var large = new VectorTransform4();
            return !HAS_LARGE || cost(s, small) < cost(s, large) ? small : large;
        }
        var strided = new VectorTransformStrided();
        long direct = cost(s, 9L * s.outHeight() * s.outWidth(), 9);
        return s.inChannels() >= FEWEST_CHANNELS_STRIDED && 8 * cost(s, strided) < 7 * direct ? strided : null;
    }

    private static long cost(ConvolutionShape s, WinogradTransform transform) {
        long products = (long) transform.products(s.outHeight()) * transform.products(s.outWidth());
        int distinct = transform.weightMatrix().length;
        return cost(s, products, distinct * distinct);
    }

    /**
     * Returns the cost of a convolution: the products of a pixel's channels with a matrix of weights, plus
     * {@link #READING} products for each matrix that is read from memory rather than a cache.
     */
    private static long cost(ConvolutionShape s, long products, int matrices) {
        boolean inMemory = (long) s.inChannels() * s.outChannels() >= WEIGHTS_IN_MEMORY;
        return s.batch() * products + (inMemory ? (long) matrices * READING : 0);
    }

    /** Returns the number of tiles of the output. */
    public static long tiles(ConvolutionShape s, WinogradTransform transform) {
        int outputs = transform.outputs();
        return (long) s.batch() * Math.ceilDiv(s.outHeight(), outputs) * Math.ceilDiv(s.outWidth(), outputs);
    }
}
