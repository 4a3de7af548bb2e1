package org.resnet4j.kernel.vector.winograd;

import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.ConvolutionShape;

/** By which of Winograd's filterings, if any, a convolution is computed: a rule on its shape alone. */
public final class WinogradChoice {
    /** Pairs of channels from which the weights of a network's layers do not stay in a cache between two calls. */
    private static final int WEIGHTS_IN_MEMORY = 256 * 256;

    /** Reading a weight takes as long as so many multiply-adds: 116 billion a second on two cores, 6 billion floats. */
    private static final int READING = 19;

    /** With fewer channels than that and stride 2 the transforms cost what they save. */
    private static final int FEWEST_CHANNELS_STRIDED = 64;

    private WinogradChoice() {}

    /** The cheapest way, or null where that is the definition. */
    public static @Nullable WinogradTransform of(ConvolutionShape s) {
        if (!VectorPackedWinograd.suits(s)) {
            return null;
        }
        if (s.stride() == 1) {
            var small = new VectorTransform2();
            var large = new VectorTransform4();
            return cost(s, small) < cost(s, large) ? small : large;
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
     * What a convolution costs: its products of a pixel's channels with a matrix of weights, and where those matrices come
     * from memory, not from a cache, as much for each as for {@link #READING} products more.
     */
    private static long cost(ConvolutionShape s, long products, int matrices) {
        boolean inMemory = (long) s.inChannels() * s.outChannels() >= WEIGHTS_IN_MEMORY;
        return s.batch() * products + (inMemory ? (long) matrices * READING : 0);
    }

    /** How many tiles the output is cut into. */
    public static long tiles(ConvolutionShape s, WinogradTransform transform) {
        int outputs = transform.outputs();
        return (long) s.batch() * Math.ceilDiv(s.outHeight(), outputs) * Math.ceilDiv(s.outWidth(), outputs);
    }
}
