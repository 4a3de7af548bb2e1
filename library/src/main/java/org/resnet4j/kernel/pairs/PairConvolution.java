package org.resnet4j.kernel.pairs;

import org.resnet4j.kernel.Accumulation;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.ConversionKernel;
import org.resnet4j.kernel.ConvolutionKernel;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.LateGradient;
import org.resnet4j.kernel.product.DirectConvolution;
import org.resnet4j.kernel.product.DirectGradient;
import org.resnet4j.kernel.product.PairOuterProduct;
import org.resnet4j.kernel.product.Panels;
import org.resnet4j.kernel.product.Tiling;
import org.resnet4j.parallel.ElementChunks;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/**
 * Convolution of pairs of channels, as the matrix products of {@link DirectConvolution} and {@link DirectGradient} with half
 * the channels. Weights are rounded; sums are floats, and rounded once.
 */
public final class PairConvolution implements ConvolutionKernel {
    private static final Scratch.Floats PACKED = new Scratch.Floats();
    private static final Scratch.Floats ROUNDED = new Scratch.Floats();

    private final Tiling tiling;
    private final PairWeightGradient weightGradient;
    private final ConversionKernel conversion;
    private final ConvolutionKernel converted;

    /**
     * Creates the kernel.
     *
     * @param tiling panels and their product, which multiplies pairs
     * @param outerProduct sums weight gradients
     * @param converted computes on floats where a group has half a pair
     */
    public PairConvolution(
            Tiling tiling, PairOuterProduct outerProduct, ConversionKernel conversion, ConvolutionKernel converted) {
        this.tiling = tiling;
        this.weightGradient = new PairWeightGradient(tiling, outerProduct);
        this.conversion = conversion;
        this.converted = converted;
    }

    /** Returns true if the channels of a group are whole pairs. */
    static boolean hasWholePairs(ConvolutionShape s) {
        return s.inChannels() / s.groups() % 2 == 0 && s.outChannels() / s.groups() % 2 == 0;
    }

    /** Returns the convolution that moves pairs: a channel for every two. */
    private static ConvolutionShape pairs(ConvolutionShape s) {
        return new ConvolutionShape(
                s.batch(), s.height(), s.width(), s.inChannels() / 2, s.outChannels() / 2, s.window(), s.groups());
    }

    @Override
    public void forward(ConvolutionShape s, float[] x, float[] w, float[] y, Workers workers) {
        if (!hasWholePairs(s)) {
            converted.forward(s, x, w, y, workers);
            return;
        }
        var weights = new PairWeights(s, Panels.of(s.outChannels() / s.groups(), tiling), conversion);
        float[] packed = workers.shared().get(PACKED, weights.packedSize());
        weights.pack(w, packed, workers);
        new DirectConvolution(weights.panels(), packed, null, Activation.NONE)
                .run(pairs(s), x, y, Accumulation.OVERWRITE, workers);
    }

    /** Output channels are adjacent in the weights, so rounding makes the pairs that meet those of output gradients. */
    @Override
    public void backwardData(
            ConvolutionShape s, float[] dy, float[] w, float[] dx, Accumulation accumulation, Workers workers) {
        if (!hasWholePairs(s)) {
            converted.backwardData(s, dy, w, dx, accumulation, workers);
            return;
        }
        int size = s.weightSize();
        float[] rounded = workers.shared().get(ROUNDED, size / 2);
        ElementChunks.run(size, workers, (from, to) -> conversion.ofFloats(w, from, rounded, from, to - from));
        var gradient = new DirectGradient(pairs(s), Panels.of(s.inChannels() / s.groups(), tiling));
        float[] packed = workers.shared().get(PACKED, gradient.packedSize());
        gradient.pack(rounded, packed, workers);
        gradient.run(dy, packed, dx, accumulation, workers);
    }

    @Override
    public void backwardWeights(
            ConvolutionShape s, float[] x, float[] dy, LateGradient late, float[] dw, Workers workers) {
        if (hasWholePairs(s)) {
            weightGradient.addTo(s, x, dy, late, dw, workers);
        } else {
            converted.backwardWeights(s, x, dy, late, dw, workers);
        }
    }
}
