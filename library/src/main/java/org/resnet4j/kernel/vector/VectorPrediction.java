package org.resnet4j.kernel.vector;

import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PackedConvolution;
import org.resnet4j.kernel.PredictionKernel;
import org.resnet4j.kernel.product.DirectConvolution;
import org.resnet4j.kernel.product.Panels;
import org.resnet4j.kernel.product.Tiling;
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

    private final Tiling tiling;

    /**
     * Creates the kernel.
     *
     * @param tiling the tiles of the machine
     */
    VectorPrediction(Tiling tiling) {
        this.tiling = tiling;
    }

    @Override
    public PackedConvolution pack(ConvolutionShape s, float[] w, float[] bias, Activation activation) {
        WinogradTransform transform = WinogradChoice.of(s);
        if (transform == null) {
            return DirectConvolution.of(s, w, bias, activation, panels(s));
        }
        boolean onePanel = s.outChannels() == 4 * LANES && WinogradChoice.tiles(s, transform) <= FEW_TILES;
        return new VectorPackedWinograd(
                transform,
                s.inChannels(),
                s.outChannels(),
                w,
                bias,
                activation,
                onePanel ? tiling.withFewRegisters() : tiling);
    }

    @Override
    public PackedConvolution packDirect(ConvolutionShape s, float[] w, float[] bias, Activation activation) {
        return DirectConvolution.of(s, w, bias, activation, panels(s).withoutSmallTiles());
    }

    @Override
    public long packedBytes(ConvolutionShape s) {
        WinogradTransform transform = WinogradChoice.of(s);
        return transform == null
                ? DirectConvolution.bytes(s, panels(s))
                : Float.BYTES
                        * ((long) VectorPackedWinograd.packedSize(transform, s.inChannels(), panels(s))
                                + s.outChannels());
    }

    private Panels panels(ConvolutionShape s) {
        return Panels.of(s.outChannels() / s.groups(), tiling);
    }
}
