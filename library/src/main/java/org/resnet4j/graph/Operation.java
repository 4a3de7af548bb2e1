package org.resnet4j.graph;

import java.util.List;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StateBuffer;

/** The computation of a node in evaluation. Tensors are those of the layers, not copies. Images are NHWC. */
public sealed interface Operation {
    /** Returns the parameters that the operation uses, in the order of torchvision's state dict. */
    default List<Parameter> parameters() {
        return List.of();
    }

    /**
     * A convolution without bias.
     *
     * @param weight {@code [KH, KW, inChannels / groups, outChannels]}
     * @param window the window positions for the images of the graph
     */
    record Convolution(Parameter weight, ConvolutionShape window) implements Operation {
        @Override
        public List<Parameter> parameters() {
            return List.of(weight);
        }
    }

    /**
     * An affine function of each channel, {@code factor · x + offset}. It can be folded into the preceding convolution.
     */
    sealed interface Affine extends Operation {
        /** Returns the number of channels. */
        int channels();

        /** Returns the factor of a channel. */
        double factor(int channel);

        /** Returns the offset of a channel. */
        double offset(int channel);
    }

    /**
     * Batch normalization by the running statistics, {@code (x − mean) / sqrt(variance + ε) · scale + shift}.
     *
     * @param scale γ, {@code [channels]}
     * @param shift β, {@code [channels]}
     * @param mean the running mean, {@code [channels]}
     * @param variance the running variance, {@code [channels]}
     * @param epsilon ε
     */
    record BatchNormalization(Parameter scale, Parameter shift, StateBuffer mean, StateBuffer variance, float epsilon)
            implements Affine {
        @Override
        public List<Parameter> parameters() {
            return List.of(scale, shift);
        }

        @Override
        public int channels() {
            return scale.shape().size();
        }

        @Override
        public double factor(int channel) {
            double spread = variance.value().array()[channel];
            return scale.value().array()[channel] / Math.sqrt(spread + epsilon);
        }

        @Override
        public double offset(int channel) {
            return shift.value().array()[channel] - mean.value().array()[channel] * factor(channel);
        }
    }

    /**
     * The bias of a convolution.
     *
     * @param bias {@code [channels]}
     */
    record Bias(Parameter bias) implements Affine {
        @Override
        public List<Parameter> parameters() {
            return List.of(bias);
        }

        @Override
        public int channels() {
            return bias.shape().size();
        }

        @Override
        public double factor(int channel) {
            return 1;
        }

        @Override
        public double offset(int channel) {
            return bias.value().array()[channel];
        }
    }

    /** The rectified linear unit, {@code max(0, x)}. */
    record Relu() implements Operation {}

    /**
     * Max pooling; padding is never the maximum.
     *
     * @param window the window positions for the images of the graph
     */
    record MaxPool(ConvolutionShape window) implements Operation {}

    /**
     * Average pooling over cells of pixels. Cells at the lower and right border contain the remaining pixels.
     *
     * @param cells the first pixel of each cell as a convolution window, whose stride is the size of a cell
     */
    record AveragePool(ConvolutionShape cells) implements Operation {}

    /**
     * Subsampling and zero padding, the shortcut of option A: every stride-th pixel, with channels of zeros before and
     * after.
     *
     * @param window the pixels that are taken
     */
    record ZeroPadding(ConvolutionShape window) implements Operation {}

    /**
     * Squeeze-and-excitation (Hu et al., 2018): multiplies each channel by a gate,
     * {@code sigmoid(expand(relu(reduce(mean(x)))))}.
     *
     * @param reduce {@code [1, 1, channels, hidden]}
     * @param reduceBias {@code [hidden]}
     * @param expand {@code [1, 1, hidden, channels]}
     * @param expandBias {@code [channels]}
     */
    record SqueezeExcitation(Parameter reduce, Parameter reduceBias, Parameter expand, Parameter expandBias)
            implements Operation {
        @Override
        public List<Parameter> parameters() {
            return List.of(reduce, reduceBias, expand, expandBias);
        }

        /** Returns the number of channels of the images. */
        public int channels() {
            return expandBias.shape().size();
        }

        /** Returns the number of values between the two layers. */
        public int hidden() {
            return reduceBias.shape().size();
        }
    }

    /**
     * The sum of a branch, the first input, and a shortcut, the second.
     *
     * @param weighing the weights of the two parts
     * @param kind the sum for display: {@code "scaled sum"}
     * @param note the text beside the sum in a drawing; empty for the usual sum
     */
    record Sum(Weighing weighing, String kind, String note) implements Operation {
        @Override
        public List<Parameter> parameters() {
            return weighing.parameters();
        }
    }

    /** Global average pooling, from {@code [N, H, W, C]} to the features {@code [N, C]}. */
    record GlobalAverage() implements Operation {}

    /**
     * The linear layer, {@code x · weight + bias}, from the features {@code [N, inFeatures]} to the logits {@code [N,
     * outFeatures]}.
     *
     * @param weight {@code [inFeatures, outFeatures]}, or the same preceded by two axes of length 1
     * @param bias {@code [outFeatures]}
     */
    record Linear(Parameter weight, Parameter bias) implements Operation {
        @Override
        public List<Parameter> parameters() {
            return List.of(weight, bias);
        }

        /** Returns the number of features. */
        public int inFeatures() {
            return weight.shape().size() / outFeatures();
        }

        /** Returns the number of logits. */
        public int outFeatures() {
            return bias.shape().size();
        }
    }
}
