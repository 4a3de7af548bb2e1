package org.resnet4j.kernel;

import org.jspecify.annotations.Nullable;

/** Chooses and packs. */
final class VectorPrediction implements PredictionKernel {
    private static final int LANES = VectorTiles.LANES;

    /** Pairs of channels from which the weights of a network's layers do not stay in a cache between two calls. */
    private static final int WEIGHTS_IN_MEMORY = 256 * 256;

    /** Reading a weight takes as long as so many multiply-adds: 116 billion a second on two cores, 6 billion floats. */
    private static final int READING = 19;

    /** With fewer channels than that and stride 2 the transforms cost what they save. */
    private static final int FEWEST_CHANNELS_STRIDED = 64;

    /** So few tiles take longer to fetch the weights than to multiply: two narrow panels let two threads fetch half each. */
    private static final int FEW_TILES = 4;

    private final boolean manyRegisters;

    /** @param manyRegisters whether the machine has 32 vector registers, not 16 */
    VectorPrediction(boolean manyRegisters) {
        this.manyRegisters = manyRegisters;
    }

    @Override
    public PackedConvolution pack(ConvolutionShape s, float[] w, float[] bias, boolean relu) {
        WinogradTransform transform = VectorPackedWinograd.suits(s) ? transform(s) : null;
        if (transform == null) {
            return direct(s, w, bias, relu, panels(s));
        }
        boolean onePanel = s.outChannels() == 4 * LANES && tiles(s, transform.outputs()) <= FEW_TILES;
        return new VectorPackedWinograd(
                transform, s.inChannels(), s.outChannels(), w, bias, relu, manyRegisters && !onePanel);
    }

    /** The cheapest way, or null where that is the definition. */
    private static @Nullable WinogradTransform transform(ConvolutionShape s) {
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

    private static long tiles(ConvolutionShape s, int outputs) {
        return (long) s.batch() * Math.ceilDiv(s.outHeight(), outputs) * Math.ceilDiv(s.outWidth(), outputs);
    }

    @Override
    public PackedConvolution packDirect(ConvolutionShape s, float[] w, float[] bias, boolean relu) {
        return direct(s, w, bias, relu, panels(s).withoutSmallTiles());
    }

    private Panels panels(ConvolutionShape s) {
        return Panels.of(s.outChannels() / s.groups(), LANES, manyRegisters);
    }

    private static PackedConvolution direct(ConvolutionShape s, float[] w, float[] bias, boolean relu, Panels panels) {
        int depth = VectorDirect.depth(s);
        int groupOut = s.outChannels() / s.groups();
        var packed = new float[s.groups() * panels.packedSize(depth)];
        var packedBias = new float[s.groups() * panels.packedSize(1)];
        for (int group = 0; group < s.groups(); group++) {
            VectorDirect.pack(s, panels, group, 0, depth, w, packed);
            System.arraycopy(bias, group * groupOut, packedBias, group * panels.packedSize(1), groupOut);
        }
        return new VectorDirect(panels, packed, packedBias, relu);
    }
}
