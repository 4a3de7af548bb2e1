package org.resnet4j.graph;

import java.util.List;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StateBuffer;

/** The computation of a node, in evaluation. Tensors are those of the layers, not copies. Images are NHWC. */
public sealed interface Operation {
    /** Returns the parameters of the layer that the operation uses, in the order of torchvision's state dict. */
    default List<Parameter> parameters() {
        return List.of();
    }

    /**
     * A convolution without bias.
     *
     * @param weight {@code [KH, KW, inChannels / groups, outChannels]}
     * @param window for the images of the graph
     */
    record Convolution(Parameter weight, ConvolutionShape window) implements Operation {
        @Override
        public List<Parameter> parameters() {
            return List.of(weight);
        }
    }

    /** {@code factor · x + offset} for each channel: it can be folded into the convolution before it. */
    sealed interface Affine extends Operation {
        /** Returns how many channels there are. */
        int channels();

        /** Returns what a channel is multiplied by. */
        double factor(int channel);

        /** Returns what is added to a channel. */
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

    /** {@code max(0, x)}. */
    record Relu() implements Operation {}

    /**
     * The largest value of each window; padding never wins.
     *
     * @param window for the images of the graph
     */
    record MaxPool(ConvolutionShape window) implements Operation {}

    /**
     * The mean of each cell of pixels; cells at the lower and right border have the pixels that are left.
     *
     * @param cells the first pixel of each cell as the window of a convolution; its stride is the size of a cell
     */
    record AveragePool(ConvolutionShape cells) implements Operation {}

    /**
     * Every stride-th pixel, with channels of zeros before and after: the shortcut of option A.
     *
     * @param window the pixels that are taken
     */
    record ZeroPadding(ConvolutionShape window) implements Operation {}

    /**
     * Multiplies each channel by a gate, {@code sigmoid(expand(relu(reduce(mean(x)))))} (Hu et al., 2018).
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
     * @param weighing what is multiplied before it is added
     * @param kind the sum in words: {@code "scaled sum"}
     * @param note what a drawing says beside the sum; empty for the usual sum
     */
    record Sum(Weighing weighing, String kind, String note) implements Operation {
        @Override
        public List<Parameter> parameters() {
            return weighing.parameters();
        }
    }

    /** The mean over all pixels, {@code [N, H, W, C]} to {@code [N, C]}: the features of an image. */
    record GlobalAverage() implements Operation {}

    /**
     * {@code x · weight + bias}, {@code [N, inFeatures]} to {@code [N, outFeatures]}: the scores of the classes.
     *
     * @param weight {@code [inFeatures, outFeatures]}, perhaps with two axes of extent 1 before
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

        /** Returns the number of scores. */
        public int outFeatures() {
            return bias.shape().size();
        }
    }
}
