package org.resnet4j.inference.step;

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
public record FoldedConvolution(Operation.Convolution convolution, Epilogue epilogue) {
    private static final Scratch.Floats FOLDED = new Scratch.Floats();

    /** Packs the weights as they are now. */
    PackedConvolution pack(PredictionKernel prediction, Packing packing, Scratch scratch) {
        ConvolutionShape shape = convolution.window();
        // Per-thread memory is reused for the weights of one layer after the other.
        float[] folded = scratch.get(FOLDED, shape.weightSize());
        float[] bias = fold(folded);
        return switch (packing) {
            case FASTEST_CALLS -> prediction.pack(shape, folded, bias, Activation.relu(epilogue.relu()));
            case SOONEST -> prediction.packDirect(shape, folded, bias, Activation.relu(epilogue.relu()));
        };
    }

    /**
     * Folds the weights as they are now.
     *
     * @param weights the array that receives the weights, {@code [kernelHeight, kernelWidth, inChannels / groups,
     *     outChannels]}; may be longer
     * @return the bias, {@code [outChannels]}
     */
    public float[] fold(float[] weights) {
        ConvolutionShape shape = convolution.window();
        int channels = shape.outChannels();
        Operation.Affine affine = epilogue.affine();
        AffineNorm norm = affine == null ? AffineNorm.identity(channels) : AffineNorm.of(affine);
        int size = shape.weightSize();
        convolution.weight().copyValueTo(weights);
        for (int row = 0; row < size; row += channels) {
            for (int k = 0; k < channels; k++) {
                weights[row + k] = (float) (weights[row + k] * norm.factors()[k]);
            }
        }
        return norm.offsets();
    }
}
