package org.resnet4j.inference;

import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.PackedConvolution;
import org.resnet4j.kernel.PredictionKernel;
import org.resnet4j.layer.AffineLayer;
import org.resnet4j.layer.Conv2d;
import org.resnet4j.parallel.Scratch;

/**
 * A convolution and the normalisation or the bias behind it, if there is one, as one convolution with bias. In evaluation
 * both are {@code factor · x + offset} for each channel; so the weights of each output channel are multiplied by its factor, and its offset is
 * the bias.
 *
 * @param convolution the convolution
 * @param norm what is behind it, with its activation; null where nothing follows
 * @param shape what the plan is compiled for
 */
record FoldedConvolution(Conv2d convolution, @Nullable AffineLayer norm, ConvolutionShape shape) {
    private static final Scratch.Floats FOLDED = new Scratch.Floats();

    boolean relu() {
        return norm != null && norm.hasRelu();
    }

    /** Packs the weights as they are now. */
    PackedConvolution pack(Kernels kernels, PlanOptions.Goal goal, Scratch scratch) {
        int channels = shape.outChannels();
        var affine = norm == null ? AffineNorm.identity(channels) : AffineNorm.of(norm);
        // The thread's own memory takes the weights of one layer after the other.
        int size = shape.weightSize();
        float[] folded = scratch.get(FOLDED, size);
        convolution.weight().copyValueTo(folded);
        for (int row = 0; row < size; row += channels) {
            for (int k = 0; k < channels; k++) {
                folded[row + k] = (float) (folded[row + k] * affine.factors()[k]);
            }
        }
        PredictionKernel prediction = kernels.prediction();
        return goal == PlanOptions.Goal.FIRST_CALL
                ? prediction.packDirect(shape, folded, affine.offsets(), relu())
                : prediction.pack(shape, folded, affine.offsets(), relu());
    }
}
