package org.resnet4j.kernel;

/** Chooses and packs. */
final class VectorPrediction implements PredictionKernel {
    private static final int LANES = VectorTiles.LANES;

    /** Pairs of channels from which the weights of a network's layers do not stay in a cache between two calls. */
    private static final int WEIGHTS_IN_MEMORY = 256 * 256;

    /** Reading a weight takes as long as so many multiply-adds: 116 billion a second on two cores, 6 billion floats. */
    private static final int READING = 19;

    private final boolean manyRegisters;

    /** @param manyRegisters whether the machine has 32 vector registers, not 16 */
    VectorPrediction(boolean manyRegisters) {
        this.manyRegisters = manyRegisters;
    }

    @Override
    public PackedConvolution pack(ConvolutionShape s, float[] w, float[] bias, boolean relu) {
        if (!VectorPackedWinograd.suits(s)) {
            return packDirect(s, w, bias, relu);
        }
        long small = cost(s, 2);
        long large = cost(s, 4);
        WinogradTransform transform = small < large ? new VectorTransform2() : new VectorTransform4();
        return new VectorPackedWinograd(transform, s.inChannels(), s.outChannels(), w, bias, relu, manyRegisters);
    }

    /**
     * What Winograd's filtering with tiles of so many rows and columns costs: for each place a product of as many rows as
     * there are tiles, and where the weights come from memory, not from a cache, as much as for {@link #READING} rows more.
     */
    private static long cost(ConvolutionShape s, int outputs) {
        int places = (outputs + 2) * (outputs + 2);
        long tiles = (long) s.batch() * Math.ceilDiv(s.height(), outputs) * Math.ceilDiv(s.width(), outputs);
        boolean inMemory = (long) s.inChannels() * s.outChannels() >= WEIGHTS_IN_MEMORY;
        return places * (tiles + (inMemory ? READING : 0));
    }

    @Override
    public PackedConvolution packDirect(ConvolutionShape s, float[] w, float[] bias, boolean relu) {
        int depth = VectorDirect.depth(s);
        int groupOut = s.outChannels() / s.groups();
        var panels = Panels.of(groupOut, LANES, manyRegisters);
        var packed = new float[s.groups() * panels.packedSize(depth)];
        var packedBias = new float[s.groups() * panels.packedSize(1)];
        for (int group = 0; group < s.groups(); group++) {
            VectorDirect.pack(s, panels, group, 0, depth, w, packed);
            System.arraycopy(bias, group * groupOut, packedBias, group * panels.packedSize(1), groupOut);
        }
        return new VectorDirect(panels, packed, packedBias, relu);
    }
}
