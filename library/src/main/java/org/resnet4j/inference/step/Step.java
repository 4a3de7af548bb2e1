package org.resnet4j.inference.step;

import org.resnet4j.compute.Compute;
import org.resnet4j.inference.engine.PlanStep;
import org.resnet4j.kernel.Accumulation;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.GateKernel;
import org.resnet4j.kernel.PackedConvolution;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.tensor.Shape;

/** One step of a compiled network. It reads one buffer and writes another. Buffers are numbered from 0. */
public sealed interface Step {
    /** The number of the images, which no step writes. */
    int IMAGES = -1;

    /** The number of the features, whose memory the caller provides. */
    int FEATURES = -2;

    /** The number of the logits, whose memory the caller provides if they are requested. */
    int SCORES = -3;

    /** Returns the name of the layer. */
    String name();

    /** Returns the number of the buffer that it reads. */
    int source();

    /** Returns the number of the buffer that it writes. */
    int target();

    /** Returns the window positions for the images for which the network was compiled. */
    ConvolutionShape shape();

    /** Returns the window positions for an input of this size. */
    default ConvolutionShape at(int batch, int height, int width) {
        return shape().withImages(batch, height, width);
    }

    /** Returns the computation, for display. */
    String kind();

    /** Returns the algorithm, for display. */
    default String algorithm() {
        return "direct";
    }

    /** Returns the size of its packed weights in bytes. */
    default long weightBytes() {
        return 0;
    }

    /** Returns the multiply-adds by the definition. */
    default long multiplyAdds() {
        return 0;
    }

    /** Describes the step. */
    default PlanStep describe() {
        ConvolutionShape s = shape();
        Shape output = Shape.of(s.batch(), s.outHeight(), s.outWidth(), s.outChannels());
        return new PlanStep(name(), kind(), algorithm(), output, multiplyAdds(), weightBytes());
    }

    /** Returns true if the target already contains the shortcut, to which the step adds its result. */
    default boolean add() {
        return false;
    }

    /**
     * Computes the step for images of any size.
     *
     * @param small the arrays of the call for values that are not images
     */
    void run(ConvolutionShape actual, float[] x, float[] y, Compute compute, Scratch small);

    /**
     * A convolution and the operations folded into it.
     *
     * @param add true if the target already contains the shortcut, which is added
     * @param relu true if ReLU follows
     */
    record Convolution(
            String name,
            int source,
            int target,
            ConvolutionShape shape,
            boolean add,
            boolean relu,
            PackedConvolution packed)
            implements Step {
        @Override
        public void run(ConvolutionShape actual, float[] x, float[] y, Compute compute, Scratch small) {
            packed.run(actual, x, y, Accumulation.adding(add), compute.workers());
        }

        @Override
        public String kind() {
            return kind(shape, add, relu);
        }

        /** Returns the text for a convolution in any number format. */
        public static String kind(ConvolutionShape shape, boolean add, boolean relu) {
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
    record MaxPool(String name, int source, int target, ConvolutionShape shape) implements Step {
        @Override
        public void run(ConvolutionShape actual, float[] x, float[] y, Compute compute, Scratch small) {
            compute.kernels().pooling().maxForward(actual, x, y, compute.workers());
        }

        @Override
        public String kind() {
            return "max pool " + shape.kernelHeight() + "x" + shape.kernelWidth() + "/" + shape.stride();
        }
    }

    /** Subsampling and zero padding, the shortcut of option A: every stride-th pixel, with channels of zeros. */
    record Subsample(String name, int source, int target, ConvolutionShape shape) implements Step {
        @Override
        public void run(ConvolutionShape actual, float[] x, float[] y, Compute compute, Scratch small) {
            compute.kernels().pooling().subsample(actual, x, y, compute.workers());
        }

        @Override
        public String kind() {
            return "shortcut with padding" + (shape.stride() > 1 ? "/" + shape.stride() : "");
        }
    }

    /** Average pooling over cells of pixels. */
    record AveragePool(String name, int source, int target, ConvolutionShape shape) implements Step {
        @Override
        public void run(ConvolutionShape actual, float[] x, float[] y, Compute compute, Scratch small) {
            compute.kernels().pooling().cellsForward(actual, x, y, compute.workers());
        }

        @Override
        public String kind() {
            return "average pool " + shape.stride() + "x" + shape.stride();
        }
    }

    /**
     * A normalization that cannot be folded into a convolution, or a ReLU alone.
     *
     * @param normalizes true for a normalization
     * @param relu true if ReLU follows
     * @param affine the factor and offset of each channel, {@code [2, channels]}
     */
    record Affine(
            String name,
            int source,
            int target,
            ConvolutionShape shape,
            boolean normalizes,
            boolean relu,
            float[] affine)
            implements Step {
        @Override
        public void run(ConvolutionShape actual, float[] x, float[] y, Compute compute, Scratch small) {
            int channels = actual.inChannels();
            compute.kernels()
                    .normalization()
                    .apply(
                            actual.inputSize() / channels,
                            channels,
                            x,
                            affine,
                            null,
                            Activation.relu(relu),
                            y,
                            compute.workers());
        }

        @Override
        public String kind() {
            return !normalizes ? "ReLU" : relu ? "norm + ReLU" : "norm";
        }

        @Override
        public long weightBytes() {
            return (long) affine.length * Float.BYTES;
        }
    }

    /**
     * The sum of branch and shortcut if it cannot be fused with the last convolution: {@code y = activation(factor · (x
     * + y))}.
     *
     * @param relu true if ReLU follows
     */
    record Sum(String name, int source, int target, ConvolutionShape shape, float factor, boolean relu)
            implements Step {
        @Override
        public boolean add() {
            return true;
        }

        @Override
        public void run(ConvolutionShape actual, float[] x, float[] y, Compute compute, Scratch small) {
            int size = actual.inputSize();
            compute.kernels().elementwise().add(size, x, y, compute.workers());
            if (factor != 1) {
                compute.kernels().gate().scale(1, size, new float[] {factor}, y, compute.workers());
            }
            if (relu) {
                compute.kernels().elementwise().relu(size, y, y, compute.workers());
            }
        }

        @Override
        public String kind() {
            return (factor == 1 ? "+ shortcut" : factor + " of the sum with the shortcut") + (relu ? " + ReLU" : "");
        }
    }

    /**
     * A sum with gates computed from the shortcut.
     *
     * @param exclusive true if the branch is gated as well
     * @param relu true if ReLU follows
     * @param gates the convolution that computes the gates, before the sigmoid
     */
    record Gate(
            String name,
            int source,
            int target,
            ConvolutionShape shape,
            boolean exclusive,
            boolean relu,
            PackedConvolution gates)
            implements Step {
        private static final Scratch.Floats OPEN = new Scratch.Floats();

        @Override
        public boolean add() {
            return true;
        }

        @Override
        public void run(ConvolutionShape actual, float[] x, float[] y, Compute compute, Scratch small) {
            int size = actual.inputSize();
            float[] open = small.get(OPEN, size);
            gates.run(actual, y, open, Accumulation.OVERWRITE, compute.workers());
            compute.kernels().gate().sigmoid(size, open, compute.workers());
            compute.kernels().gate().mix(size, new GateKernel.Mix(x, y, open, exclusive), y, compute.workers());
            if (relu) {
                compute.kernels().elementwise().relu(size, y, y, compute.workers());
            }
        }

        @Override
        public String kind() {
            return (exclusive ? "gate of branch and shortcut" : "gate of the shortcut") + (relu ? " + ReLU" : "");
        }

        @Override
        public String algorithm() {
            return gates.algorithm();
        }

        @Override
        public long weightBytes() {
            return gates.bytes();
        }

        @Override
        public long multiplyAdds() {
            return shape.multiplyAdds();
        }
    }

    /**
     * Squeeze-and-excitation.
     *
     * @param relu true if ReLU follows
     * @param layers the layers that compute the gates from the means
     */
    record Squeeze(
            String name, int source, int target, ConvolutionShape shape, boolean add, boolean relu, Layers layers)
            implements Step {
        /**
         * The two layers of squeeze-and-excitation.
         *
         * @param hidden the number of values between them
         */
        public record Layers(int hidden, PackedConvolution reduce, PackedConvolution expand) {
            private static final Scratch.Floats BETWEEN = new Scratch.Floats();
            private static final Scratch.Floats GATES = new Scratch.Floats();

            /**
             * Computes the gates.
             *
             * @param means the means of the channels, {@code [images, channels]}
             * @return {@code [images, channels]}; may be longer, and is overwritten by the next call
             */
            public float[] gates(int images, int channels, float[] means, Compute compute, Scratch small) {
                float[] between = small.get(BETWEEN, images * hidden);
                float[] gates = small.get(GATES, images * channels);
                reduce.run(
                        ConvolutionShape.matrix(images, channels, hidden),
                        means,
                        between,
                        Accumulation.OVERWRITE,
                        compute.workers());
                expand.run(
                        ConvolutionShape.matrix(images, hidden, channels),
                        between,
                        gates,
                        Accumulation.OVERWRITE,
                        compute.workers());
                compute.kernels().gate().sigmoid(images * channels, gates, compute.workers());
                return gates;
            }
        }

        private static final Scratch.Floats MEANS = new Scratch.Floats();

        @Override
        public void run(ConvolutionShape actual, float[] x, float[] y, Compute compute, Scratch small) {
            int images = actual.batch();
            int channels = actual.inChannels();
            int pixels = actual.height() * actual.width();
            float[] means = small.get(MEANS, images * channels);
            compute.kernels().pooling().averageForward(images, pixels, channels, x, means, compute.workers());
            float[] gates = layers.gates(images, channels, means, compute, small);
            var extents = new GateKernel.Extents(images, pixels, channels);
            compute.kernels()
                    .gate()
                    .forward(extents, x, gates, add ? y : null, Activation.relu(relu), y, compute.workers());
        }

        @Override
        public String kind() {
            return "squeeze-and-excitation" + (add ? " + shortcut" : "") + (relu ? " + ReLU" : "");
        }

        @Override
        public long weightBytes() {
            return layers.reduce.bytes() + layers.expand.bytes();
        }

        @Override
        public long multiplyAdds() {
            return 2L * shape.batch() * layers.hidden * shape.inChannels();
        }
    }

    /** Global average pooling. */
    record GlobalAverage(String name, int source, int target, ConvolutionShape shape) implements Step {
        @Override
        public void run(ConvolutionShape actual, float[] x, float[] y, Compute compute, Scratch small) {
            int pixels = actual.height() * actual.width();
            compute.kernels()
                    .pooling()
                    .averageForward(actual.batch(), pixels, actual.inChannels(), x, y, compute.workers());
        }

        @Override
        public String kind() {
            return "global average pool";
        }

        @Override
        public PlanStep describe() {
            return new PlanStep(name, kind(), algorithm(), Shape.of(shape.batch(), shape.outChannels()), 0, 0);
        }
    }

    /**
     * The linear layer.
     *
     * @param shape a 1x1 convolution over an image of one pixel for each row
     */
    record Linear(String name, int source, int target, ConvolutionShape shape, PackedConvolution packed)
            implements Step {
        @Override
        public ConvolutionShape at(int batch, int height, int width) {
            return batch == shape.width() ? shape : shape.withImages(1, 1, batch);
        }

        @Override
        public void run(ConvolutionShape actual, float[] x, float[] y, Compute compute, Scratch small) {
            packed.run(actual, x, y, Accumulation.OVERWRITE, compute.workers());
        }

        @Override
        public String kind() {
            return "linear + bias";
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

        @Override
        public PlanStep describe() {
            Shape scores = Shape.of(shape.width(), shape.outChannels());
            return new PlanStep(name, kind(), algorithm(), scores, multiplyAdds(), weightBytes());
        }
    }
}
