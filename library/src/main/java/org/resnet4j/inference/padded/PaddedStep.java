package org.resnet4j.inference.padded;

import org.jspecify.annotations.Nullable;
import org.resnet4j.compute.Compute;
import org.resnet4j.inference.engine.PlanStep;
import org.resnet4j.inference.step.Step;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PaddedPlaces;
import org.resnet4j.parallel.Scratch;

/**
 * One step of a network of padded images. It reads one buffer and writes another, as a {@link Step} does.
 *
 * @param <A> the arrays that hold the numbers
 */
public interface PaddedStep<A> {
    /** Returns the place of the step in the network. */
    Wiring<A> wiring();

    /** Returns the window positions for an input of this size. */
    default ConvolutionShape at(int batch, int height, int width) {
        return wiring().shape.withImages(batch, height, width);
    }

    /** Computes the step for images of any size. The halo of its output is not written. */
    void run(PaddedPlaces places, PaddedMemory<A> memory, Compute compute);

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
    record Wiring<A>(
            PlanStep description,
            int source,
            int target,
            ConvolutionShape shape,
            PaddedValue<A> input,
            PaddedValue<A> output,
            @Nullable PaddedValue<A> added) {
        /** Returns what the step reads. */
        public A source(PaddedMemory<A> memory) {
            return memory.numbers(source);
        }

        /** Returns what the step writes. */
        public A target(PaddedMemory<A> memory) {
            return memory.numbers(target);
        }

        /** Returns what the step adds, or null. */
        public @Nullable A residual(PaddedMemory<A> memory) {
            return added == null ? null : memory.numbers(target);
        }
    }

    /**
     * The linear layer, which computes logits in float32. Its rows are images to the caller, but pixels of one image to
     * kernels.
     */
    interface LinearStep<A> extends PaddedStep<A> {
        @Override
        default ConvolutionShape at(int batch, int height, int width) {
            return wiring().shape().withImages(1, 1, batch);
        }
    }

    /** The linear layer in float32. */
    record LinearInFloats<A>(Wiring<A> wiring, Step step) implements LinearStep<A> {
        @Override
        public void run(PaddedPlaces places, PaddedMemory<A> memory, Compute compute) {
            step.run(places.shape(), memory.features(), memory.scores(), compute, memory.scratch());
        }
    }

    /** A step that is computed in float32. One that reads the images reads them as they are, without rounding. */
    record InFloats<A>(Wiring<A> wiring, Step step) implements PaddedStep<A> {
        private static final Scratch.Floats X = new Scratch.Floats();
        private static final Scratch.Floats Y = new Scratch.Floats();

        @Override
        public void run(PaddedPlaces places, PaddedMemory<A> memory, Compute compute) {
            ConvolutionShape shape = places.shape();
            float[] y = memory.scratch().get(Y, shape.outputSize());
            A numbers = wiring.target(memory);
            float[] x = wiring.source == Step.IMAGES ? memory.images() : input(places, memory, compute);
            if (wiring.added != null) {
                wiring.added.toFloats(numbers, places.y(), y, compute.workers());
            }
            step.run(shape, x, y, compute, memory.scratch());
            wiring.output.fromFloats(y, places.y(), numbers, memory.broken(), compute.workers());
        }

        private float[] input(PaddedPlaces places, PaddedMemory<A> memory, Compute compute) {
            float[] x = memory.scratch().get(X, places.shape().inputSize());
            wiring.input.toFloats(wiring.source(memory), places.x(), x, compute.workers());
            return x;
        }
    }
}
