package org.resnet4j.inference.float32;

import org.resnet4j.graph.Epilogue;
import org.resnet4j.graph.Operation;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PackedConvolution;
import org.resnet4j.kernel.PredictionKernel;
import org.resnet4j.parallel.Scratch;

/**
 * A convolution with the normalization or bias after it, if any, folded into one convolution with bias. In evaluation
 * both are {@code factor · x + offset} for each channel. The weights of each output channel are multiplied by its
 * factor, and the offset is the bias.
 *
 * @param convolution the convolution
 * @param epilogue the computation after it
 */
record FoldedConvolution(Operation.Convolution convolution, Epilogue epilogue) {
    private static final Scratch.Floats FOLDED = new Scratch.Floats();

    /** Packs the weights as they are now. */
    PackedConvolution pack(PredictionKernel prediction, Float32Engine.Packing packing, Scratch scratch) {
        ConvolutionShape shape = convolution.window();
        int channels = shape.outChannels();
        Operation.Affine affine = epilogue.affine();
        AffineNorm norm = affine == null ? AffineNorm.identity(channels) : AffineNorm.of(affine);
        // Per-thread memory is reused for the weights of one layer after the other.
        int size = shape.weightSize();
        float[] folded = scratch.get(FOLDED, size);
        convolution.weight().copyValueTo(folded);
        for (int row = 0; row < size; row += channels) {
            for (int k = 0; k < channels; k++) {
                folded[row + k] = (float) (folded[row + k] * norm.factors()[k]);
            }
        }
        return switch (packing) {
            case FASTEST_CALLS -> prediction.pack(shape, folded, norm.offsets(), Activation.relu(epilogue.relu()));
            case SOONEST -> prediction.packDirect(shape, folded, norm.offsets(), Activation.relu(epilogue.relu()));
        };
    }
}
