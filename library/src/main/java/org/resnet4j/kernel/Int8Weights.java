package org.resnet4j.kernel;

/**
 * The weights of a quantized convolution, and what becomes of its sums. The factor of an output channel is the
 * product of the scales of input and weights, divided by the scale of the output. Its offset holds the bias and the zero
 * points.
 *
 * @param w {@code [kernelHeight, kernelWidth, inChannels / groups, outChannels]}, from -127 to 127
 * @param epilogue the conversion of sums, with factors {@code [outChannels]}
 */
public record Int8Weights(byte[] w, Int8Epilogue epilogue) {
    /**
     * Checks the weights of a convolution.
     *
     * @throws IllegalArgumentException if the arrays do not fit the shape, or results might exceed 32-bit integers
     */
    public void check(ConvolutionShape shape) {
        int out = shape.outChannels();
        if (w.length != shape.weightSize()) {
            throw new IllegalArgumentException(w.length + " weights for " + shape);
        }
        double depth = (double) shape.weightSize() / out;
        epilogue.check(out, depth * Int8Rescaling.HIGHEST * -Byte.MIN_VALUE);
    }

    /** Returns weights that do not share arrays with these. */
    public Int8Weights copy() {
        return new Int8Weights(w.clone(), epilogue.copy());
    }
}
