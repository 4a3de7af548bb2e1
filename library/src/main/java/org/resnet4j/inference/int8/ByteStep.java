package org.resnet4j.inference.int8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.resnet4j.compute.Compute;
import org.resnet4j.inference.engine.PlanStep;
import org.resnet4j.inference.step.Step;
import org.resnet4j.kernel.ByteImages;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Int8Convolution;
import org.resnet4j.kernel.Int8Kernel;
import org.resnet4j.kernel.Int8Places;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.tensor.Shape;

/** One step of a quantized network. It reads one buffer and writes another, as a {@link Step} does. */
sealed interface ByteStep {
    /** The display name of the algorithm of steps in bytes. */
    String INT8 = "int8";

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

    /** Returns the value that it reads. */
    ByteValue input();

    /** Returns the value that it writes; its input, if it writes floats. */
    ByteValue output();

    /** Returns true if the target already contains the shortcut, to which the step adds its result. */
    boolean adds();

    /** Describes the step. */
    PlanStep describe();

    /** Computes the step for images of any size. */
    void run(Int8Places places, ByteMemory memory, Compute compute);

    private static PlanStep describe(String name, String kind, ConvolutionShape s, long bytes) {
        Shape output = Shape.of(s.batch(), s.outHeight(), s.outWidth(), s.outChannels());
        return new PlanStep(name, kind, INT8, output, bytes == 0 ? 0 : s.multiplyAdds(), bytes);
    }

    /**
     * A convolution and the operations folded into it.
     *
     * @param kind the computation, for display
     */
    record Convolution(
            String name,
            String kind,
            int source,
            int target,
            ConvolutionShape shape,
            ByteValue input,
            Result result,
            Int8Convolution packed)
            implements ByteStep {
        /**
         * The result of a convolution.
         *
         * @param value the value that it writes
         * @param adds true if the target already contains the shortcut
         */
        record Result(ByteValue value, boolean adds) {}

        @Override
        public ByteValue output() {
            return result.value;
        }

        @Override
        public boolean adds() {
            return result.adds;
        }

        @Override
        public void run(Int8Places places, ByteMemory memory, Compute compute) {
            byte[] y = memory.bytes(target);
            packed.run(places, memory.bytes(source), result.adds ? y : null, y, compute.workers());
            result.value.fillHalo(places.y(), y);
        }

        @Override
        public PlanStep describe() {
            return ByteStep.describe(name, kind, shape, packed.bytes());
        }
    }

    /** Max pooling, which does not change the scale. */
    record MaxPool(
            String name,
            int source,
            int target,
            ConvolutionShape shape,
            ByteValue input,
            ByteValue output,
            Int8Kernel kernel)
            implements ByteStep {
        @Override
        public boolean adds() {
            return false;
        }

        @Override
        public void run(Int8Places places, ByteMemory memory, Compute compute) {
            byte[] y = memory.bytes(target);
            kernel.maxPool(places, memory.bytes(source), y, compute.workers());
            output.fillHalo(places.y(), y);
        }

        @Override
        public PlanStep describe() {
            String kind = "max pool " + shape.kernelHeight() + "x" + shape.kernelWidth() + "/" + shape.stride();
            return ByteStep.describe(name, kind, shape, 0);
        }
    }

    /** A step that is computed in float32. */
    record InFloats(
            Step step,
            ByteValue input,
            ByteValue output,
            @Nullable ByteValue added) implements ByteStep {
        private static final Scratch.Floats X = new Scratch.Floats();
        private static final Scratch.Floats Y = new Scratch.Floats();

        @Override
        public int source() {
            return step.source();
        }

        @Override
        public int target() {
            return step.target();
        }

        @Override
        public ConvolutionShape shape() {
            return step.shape();
        }

        @Override
        public boolean adds() {
            return step.add();
        }

        @Override
        public void run(Int8Places places, ByteMemory memory, Compute compute) {
            ConvolutionShape shape = places.shape();
            float[] x = memory.scratch().get(X, shape.inputSize());
            float[] y = memory.scratch().get(Y, shape.outputSize());
            byte[] bytes = memory.bytes(target());
            input.toFloats(memory.bytes(source()), places.x(), x, compute.workers());
            if (added != null) {
                added.toFloats(bytes, places.y(), y, compute.workers());
            }
            step.run(shape, x, y, compute, memory.scratch());
            output.quantize(y, places.y(), bytes, memory.broken(), compute.workers());
        }

        @Override
        public PlanStep describe() {
            return step.describe();
        }
    }

    /** Global average pooling, from bytes to features in float32. */
    record GlobalAverage(String name, int source, int target, ConvolutionShape shape, ByteValue input)
            implements ByteStep {
        /** The channels of a piece. */
        private static final int CHANNELS = 256;

        private static final Scratch.Ints SUMS = new Scratch.Ints();

        @Override
        public ByteValue output() {
            return input;
        }

        @Override
        public boolean adds() {
            return false;
        }

        @Override
        public void run(Int8Places places, ByteMemory memory, Compute compute) {
            ByteImages layout = places.x();
            byte[] x = memory.bytes(source);
            float[] features = memory.features();
            int channels = layout.channels();
            int parts = Math.ceilDiv(channels, CHANNELS);
            compute.workers().run(layout.batch() * parts, (index, scratch) -> {
                int image = index / parts;
                int from = index % parts * CHANNELS;
                int count = Math.min(CHANNELS, channels - from);
                int[] sums = scratch.get(SUMS, CHANNELS);
                sum(x, layout, image, from, count, sums);
                int pixels = layout.height() * layout.width();
                if (memory.broken()[image]) {
                    Arrays.fill(features, image * channels + from, image * channels + from + count, Float.NaN);
                    return;
                }
                for (int c = 0; c < count; c++) {
                    long sum = sums[c] - (long) pixels * input.scale().zeroPoint();
                    features[image * channels + from + c] =
                            (float) ((double) sum * input.scale().scale() / pixels);
                }
            });
        }

        private static void sum(byte[] x, ByteImages layout, int image, int from, int count, int[] sums) {
            Arrays.fill(sums, 0, count, 0);
            for (int row = 0; row < layout.height(); row++) {
                for (int column = 0; column < layout.width(); column++) {
                    int at = image * layout.imageBytes() + layout.position(row, column) + from;
                    for (int c = 0; c < count; c++) {
                        sums[c] += x[at + c] & ByteScale.HIGHEST;
                    }
                }
            }
        }

        @Override
        public PlanStep describe() {
            Shape features = Shape.of(shape.batch(), shape.outChannels());
            return new PlanStep(name, "global average pool", INT8, features, 0, 0);
        }
    }

    /** The linear layer in float32. */
    record LinearInFloats(Step step, ByteValue input) implements ByteStep {
        @Override
        public int source() {
            return step.source();
        }

        @Override
        public int target() {
            return step.target();
        }

        @Override
        public ConvolutionShape shape() {
            return step.shape();
        }

        @Override
        public ConvolutionShape at(int batch, int height, int width) {
            return step.at(batch, height, width);
        }

        @Override
        public ByteValue output() {
            return input;
        }

        @Override
        public boolean adds() {
            return false;
        }

        @Override
        public void run(Int8Places places, ByteMemory memory, Compute compute) {
            step.run(places.shape(), memory.features(), memory.scores(), compute, memory.scratch());
        }

        @Override
        public PlanStep describe() {
            return step.describe();
        }
    }

    /**
     * The linear layer, from features in float32, which are quantized, to logits in float32.
     *
     * @param shape a 1x1 convolution over an image of one pixel for each row
     */
    record Linear(String name, int source, int target, ConvolutionShape shape, ByteValue input, Int8Convolution packed)
            implements ByteStep {
        @Override
        public ConvolutionShape at(int batch, int height, int width) {
            return shape.withImages(1, 1, batch);
        }

        @Override
        public ByteValue output() {
            return input;
        }

        @Override
        public boolean adds() {
            return false;
        }

        @Override
        public void run(Int8Places places, ByteMemory memory, Compute compute) {
            byte[] x = memory.featureBytes(places.x().bytes());
            float[] scores = memory.scores();
            // The rows are images to the caller, but pixels of one image to the kernel.
            input.quantize(memory.features(), places.x(), x, new boolean[1], compute.workers());
            packed.run(places, x, scores, compute.workers());
            int classes = shape.outChannels();
            for (int image = 0; image < memory.broken().length; image++) {
                if (memory.broken()[image]) {
                    Arrays.fill(scores, image * classes, (image + 1) * classes, Float.NaN);
                }
            }
        }

        @Override
        public PlanStep describe() {
            Shape scores = Shape.of(shape.width(), shape.outChannels());
            return new PlanStep(name, "linear + bias", INT8, scores, shape.multiplyAdds(), packed.bytes());
        }
    }
}
