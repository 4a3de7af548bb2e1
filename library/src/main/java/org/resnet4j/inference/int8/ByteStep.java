package org.resnet4j.inference.int8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.resnet4j.compute.Compute;
import org.resnet4j.inference.engine.PlanStep;
import org.resnet4j.inference.step.Step;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Int8Convolution;
import org.resnet4j.kernel.Int8MapKernel;
import org.resnet4j.kernel.Int8Rescaling;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.kernel.PaddedPlaces;
import org.resnet4j.parallel.Scratch;

/** One step of a quantized network. It reads one buffer and writes another, as a {@link Step} does. */
interface ByteStep {
    /** Returns the place of the step in the network. */
    Wiring wiring();

    /** Returns the window positions for an input of this size. */
    default ConvolutionShape at(int batch, int height, int width) {
        return wiring().shape.withImages(batch, height, width);
    }

    /** Computes the step for images of any size. The halo of its output is not written. */
    void run(PaddedPlaces places, ByteMemory memory, Compute compute);

    /**
     * The place of a step in a network.
     *
     * @param description the step, for display
     * @param source the number of the buffer that it reads
     * @param target the number of the buffer that it writes
     * @param shape the window positions for the images for which the network was compiled
     * @param input the value that it reads
     * @param output the value that it writes; its input, if it writes floats
     * @param added the value that the target already contains, to which the step adds its result; null if none
     */
    record Wiring(
            PlanStep description,
            int source,
            int target,
            ConvolutionShape shape,
            ByteValue input,
            ByteValue output,
            @Nullable ByteValue added) {
        /** Returns what the step reads. */
        byte[] source(ByteMemory memory) {
            return memory.bytes(source);
        }

        /** Returns what the step writes. */
        byte[] target(ByteMemory memory) {
            return memory.bytes(target);
        }

        /** Returns what the step adds, or null. */
        byte @Nullable [] residual(ByteMemory memory) {
            return added == null ? null : memory.bytes(target);
        }
    }

    /** A convolution and the operations folded into it. */
    record Convolution(Wiring wiring, Int8Convolution packed) implements ByteStep {
        @Override
        public void run(PaddedPlaces places, ByteMemory memory, Compute compute) {
            packed.run(
                    places, wiring.source(memory), wiring.residual(memory), wiring.target(memory), compute.workers());
        }
    }

    /** Max pooling, which does not change the scale. */
    record MaxPool(Wiring wiring, Int8MapKernel kernel) implements ByteStep {
        @Override
        public void run(PaddedPlaces places, ByteMemory memory, Compute compute) {
            kernel.maxPool(places, wiring.source(memory), wiring.target(memory), compute.workers());
        }
    }

    /**
     * Average pooling over cells of pixels.
     *
     * @param rescaling has one factor and one offset
     */
    record AveragePool(Wiring wiring, Int8Rescaling rescaling, Int8MapKernel kernel) implements ByteStep {
        @Override
        public void run(PaddedPlaces places, ByteMemory memory, Compute compute) {
            kernel.averagePool(places, rescaling, wiring.source(memory), wiring.target(memory), compute.workers());
        }
    }

    /** An affine function of each channel, a ReLU, or a sum with the shortcut. */
    record Rescale(Wiring wiring, Int8Rescaling rescaling, Int8MapKernel kernel) implements ByteStep {
        @Override
        public void run(PaddedPlaces places, ByteMemory memory, Compute compute) {
            kernel.rescale(
                    places,
                    rescaling,
                    wiring.source(memory),
                    wiring.residual(memory),
                    wiring.target(memory),
                    compute.workers());
        }
    }

    /**
     * Subsampling and zero padding, the shortcut of option A. It does not change the scale, so that it copies bytes. The
     * channels are centered in those of the output.
     */
    record Subsample(Wiring wiring) implements ByteStep {
        @Override
        public void run(PaddedPlaces places, ByteMemory memory, Compute compute) {
            byte[] x = wiring.source(memory);
            byte[] y = wiring.target(memory);
            byte zero = (byte) wiring.input.scale().zeroPoint();
            ConvolutionShape s = places.shape();
            PaddedImages output = places.y();
            int before = (s.outChannels() - s.inChannels()) / 2;
            compute.workers().run(s.batch() * s.outHeight(), (index, scratch) -> {
                int image = index / s.outHeight();
                int row = index % s.outHeight();
                int first = output.position(image, row, 0);
                Arrays.fill(y, first, first + s.outWidth() * output.pixelLength(), zero);
                for (int column = 0; column < s.outWidth(); column++) {
                    int from = places.x().position(image, row * s.stride(), column * s.stride());
                    System.arraycopy(x, from, y, first + column * output.pixelLength() + before, s.inChannels());
                }
            });
        }
    }

    /** A step that is computed in float32. One that reads the images reads them as they are, without rounding. */
    record InFloats(Wiring wiring, Step step) implements ByteStep {
        private static final Scratch.Floats X = new Scratch.Floats();
        private static final Scratch.Floats Y = new Scratch.Floats();

        @Override
        public void run(PaddedPlaces places, ByteMemory memory, Compute compute) {
            ConvolutionShape shape = places.shape();
            float[] y = memory.scratch().get(Y, shape.outputSize());
            byte[] bytes = wiring.target(memory);
            float[] x = wiring.source == Step.IMAGES ? memory.images() : numbers(places, memory, compute);
            if (wiring.added != null) {
                wiring.added.toFloats(bytes, places.y(), y, compute.workers());
            }
            step.run(shape, x, y, compute, memory.scratch());
            wiring.output.quantize(y, places.y(), bytes, memory.broken(), compute.workers());
        }

        private float[] numbers(PaddedPlaces places, ByteMemory memory, Compute compute) {
            float[] x = memory.scratch().get(X, places.shape().inputSize());
            wiring.input.toFloats(wiring.source(memory), places.x(), x, compute.workers());
            return x;
        }
    }
}
