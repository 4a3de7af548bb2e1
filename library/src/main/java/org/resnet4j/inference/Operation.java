package org.resnet4j.inference;

import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.PackedConvolution;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Shape;

/**
 * One operation of a plan: it reads one buffer and writes another. Buffers have numbers; -1 is the images.
 */
sealed interface Operation {
    /** The number of the images, which no operation writes. */
    int IMAGES = -1;

    /** The layer that it computes. */
    String name();

    /** The buffer that it reads. */
    int source();

    /** The buffer that it writes. */
    int target();

    /** Its windows, for the images that the plan was compiled for. */
    ConvolutionShape shape();

    /** What it computes, for people. */
    String kind();

    /** How, for people. */
    default String algorithm() {
        return "direct";
    }

    /** Bytes of its packed weights. */
    default long weightBytes() {
        return 0;
    }

    /** Multiply-adds by the definition. */
    default long multiplyAdds() {
        return 0;
    }

    /** The operation as a step for people. */
    default PlanStep describe() {
        ConvolutionShape s = shape();
        Shape output = Shape.of(s.batch(), s.outHeight(), s.outWidth(), s.outChannels());
        return new PlanStep(name(), kind(), algorithm(), output, multiplyAdds(), weightBytes());
    }

    /** Whether the target holds the shortcut already, which is added. */
    default boolean add() {
        return false;
    }

    /**
     * Computes it, for images of any size.
     *
     * @param small arrays of the call for what is no image
     */
    void run(ConvolutionShape actual, float[] x, float[] y, Kernels kernels, Workers workers, Scratch small);

    /**
     * A convolution with all that was folded into it.
     *
     * @param add whether the shortcut stands in the target already and is added
     * @param relu whether ReLU follows
     */
    record Convolution(
            String name,
            int source,
            int target,
            ConvolutionShape shape,
            boolean add,
            boolean relu,
            PackedConvolution packed)
            implements Operation {
        @Override
        public void run(
                ConvolutionShape actual, float[] x, float[] y, Kernels kernels, Workers workers, Scratch small) {
            packed.run(actual, x, y, add, workers);
        }

        @Override
        public String kind() {
            return "conv " + shape.kernelHeight() + "x" + shape.kernelWidth()
                    + (shape.stride() > 1 ? "/" + shape.stride() : "")
                    + (add ? " + shortcut" : "")
                    + (relu ? " + ReLU" : "");
        }

        @Override
        public String algorithm() {
            return packed.algorithm();
        }

        @Override
        public long weightBytes() {
            return packed.bytes();
        }

        @Override
        public long multiplyAdds() {
            return shape.multiplyAdds();
        }
    }

    /** Max pooling. */
    record MaxPool(String name, int source, int target, ConvolutionShape shape) implements Operation {
        @Override
        public void run(
                ConvolutionShape actual, float[] x, float[] y, Kernels kernels, Workers workers, Scratch small) {
            kernels.pooling().maxForward(actual, x, y, workers);
        }

        @Override
        public String kind() {
            return "max pool " + shape.kernelHeight() + "x" + shape.kernelWidth() + "/" + shape.stride();
        }
    }

    /** The shortcut of option A: every stride-th pixel, with channels of zeros. */
    record Subsample(String name, int source, int target, ConvolutionShape shape) implements Operation {
        @Override
        public void run(
                ConvolutionShape actual, float[] x, float[] y, Kernels kernels, Workers workers, Scratch small) {
            kernels.pooling().subsample(actual, x, y, workers);
        }

        @Override
        public String kind() {
            return "shortcut with padding" + (shape.stride() > 1 ? "/" + shape.stride() : "");
        }
    }

    /** Means over cells of pixels. */
    record AveragePool(String name, int source, int target, ConvolutionShape shape) implements Operation {
        @Override
        public void run(
                ConvolutionShape actual, float[] x, float[] y, Kernels kernels, Workers workers, Scratch small) {
            kernels.pooling().cellsForward(actual, x, y, workers);
        }

        @Override
        public String kind() {
            return "average pool " + shape.stride() + "x" + shape.stride();
        }
    }

    /**
     * Normalisation and ReLU before a convolution, which cannot be folded into it.
     *
     * @param affine factor and offset of each channel, {@code [2, channels]}
     */
    record PreActivation(String name, int source, int target, ConvolutionShape shape, float[] affine)
            implements Operation {
        @Override
        public void run(
                ConvolutionShape actual, float[] x, float[] y, Kernels kernels, Workers workers, Scratch small) {
            int channels = actual.inChannels();
            kernels.normalization().apply(actual.inputSize() / channels, channels, x, affine, null, true, y, workers);
        }

        @Override
        public String kind() {
            return "norm + ReLU";
        }

        @Override
        public long weightBytes() {
            return (long) affine.length * Float.BYTES;
        }
    }

    /**
     * Squeeze-and-excitation with ReLU.
     *
     * @param hidden values between its two layers
     * @param reduce the first layer
     * @param expand the second layer
     */
    record Squeeze(
            String name,
            int source,
            int target,
            ConvolutionShape shape,
            boolean add,
            int hidden,
            PackedConvolution reduce,
            PackedConvolution expand)
            implements Operation {
        /** The layers as convolutions over an image of one pixel for each image. */
        static ConvolutionShape layer(int images, int in, int out) {
            return new ConvolutionShape(1, 1, images, in, out, 1, 1, 1, 0, 1);
        }

        @Override
        public void run(
                ConvolutionShape actual, float[] x, float[] y, Kernels kernels, Workers workers, Scratch small) {
            int images = actual.batch();
            int channels = actual.inChannels();
            int pixels = actual.height() * actual.width();
            float[] means = small.floats(0, images * channels);
            float[] between = small.floats(1, images * hidden);
            float[] gates = small.floats(2, images * channels);
            kernels.pooling().averageForward(images, pixels, channels, x, means, workers);
            reduce.run(layer(images, channels, hidden), means, between, false, workers);
            expand.run(layer(images, hidden, channels), between, gates, false, workers);
            kernels.gate().sigmoid(images * channels, gates);
            kernels.gate().forward(images, pixels, channels, x, gates, add ? y : null, true, y, workers);
        }

        @Override
        public String kind() {
            return "squeeze-and-excitation" + (add ? " + shortcut" : "") + " + ReLU";
        }

        @Override
        public long weightBytes() {
            return reduce.bytes() + expand.bytes();
        }

        @Override
        public long multiplyAdds() {
            return 2L * shape.batch() * hidden * shape.inChannels();
        }
    }
}
