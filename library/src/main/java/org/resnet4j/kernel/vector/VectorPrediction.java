package org.resnet4j.kernel.vector;

import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PackedConvolution;
import org.resnet4j.kernel.PredictionKernel;
import org.resnet4j.kernel.vector.product.Panels;
import org.resnet4j.kernel.vector.product.VectorDirect;
import org.resnet4j.kernel.vector.product.VectorTiles;
import org.resnet4j.kernel.vector.winograd.VectorPackedWinograd;
import org.resnet4j.kernel.vector.winograd.WinogradChoice;
import org.resnet4j.kernel.vector.winograd.WinogradTransform;

/** The selection of a convolution's algorithm, and the packing of its weights. */
final class VectorPrediction implements PredictionKernel {
    private static final int LANES = VectorTiles.LANES;

    /**
     * With so few tiles, fetching the weights takes longer than multiplying: with two narrow panels, each of two
     * threads fetches half of them.
     */
    private static final int FEW_TILES = 4;

    private final boolean manyRegisters;

    /**
     * Creates the kernel.
     *
     * @param manyRegisters true if the machine has 32 vector registers, false if it has 16
     */
    VectorPrediction(boolean manyRegisters) {
        this.manyRegisters = manyRegisters;
    }

    @Override
    public PackedConvolution pack(ConvolutionShape s, float[] w, float[] bias, Activation activation) {
        WinogradTransform transform = WinogradChoice.of(s);
        if (transform == null) {
            return direct(s, w, bias, activation, panels(s));
        }
        boolean onePanel = s.outChannels() == 4 * LANES && WinogradChoice.tiles(s, transform) <= FEW_TILES;
        return new VectorPackedWinograd(
                transform, s.inChannels(), s.outChannels(), w, bias, activation, manyRegisters && !onePanel);
    }

    @Override
    public PackedConvolution packDirect(ConvolutionShape s, float[] w, float[] bias, Activation activation) {
        return direct(s, w, bias, activation, panels(s).withoutSmallTiles());
    }

    private Panels panels(ConvolutionShape s) {
        return Panels.of(s.outChannels() / s.groups(), LANES, manyRegisters);
    }

    private static PackedConvolution direct(
            ConvolutionShape s, float[] w, float[] bias, Activation activation, Panels panels) {
        int depth = VectorDirect.depth(s);
        int groupOut = s.outChannels() / s.groups();
        var packed = new float[s.groups() * panels.packedSize(depth)];
        var packedBias = new float[s.groups() * panels.packedSize(1)];
        for (int group = 0; group < s.groups(); group++) {
            VectorDirect.pack(s, panels, group, 0, depth, w, packed);
            System.arraycopy(bias, group * groupOut, packedBias, group * panels.packedSize(1), groupOut);
        }
        return new VectorDirect(panels, packed, packedBias, activation);
    }
}
