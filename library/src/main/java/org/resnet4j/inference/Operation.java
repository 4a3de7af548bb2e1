package org.resnet4j.inference;

import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.PackedConvolution;
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

    /** Computes it, for images of any size. */
    void run(ConvolutionShape actual, float[] x, float[] y, Kernels kernels, Workers workers);

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
        public void run(ConvolutionShape actual, float[] x, float[] y, Kernels kernels, Workers workers) {
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
        public void run(ConvolutionShape actual, float[] x, float[] y, Kernels kernels, Workers workers) {
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
        public void run(ConvolutionShape actual, float[] x, float[] y, Kernels kernels, Workers workers) {
            kernels.pooling().subsample(actual, x, y, workers);
        }

        @Override
        public String kind() {
            return "shortcut with padding" + (shape.stride() > 1 ? "/" + shape.stride() : "");
        }
    }
}
