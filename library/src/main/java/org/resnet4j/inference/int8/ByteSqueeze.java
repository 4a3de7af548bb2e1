package org.resnet4j.inference.int8;

import java.util.Arrays;
import org.resnet4j.compute.Compute;
import org.resnet4j.inference.padded.PaddedMemory;
import org.resnet4j.inference.padded.PaddedStep;
import org.resnet4j.inference.step.Step;
import org.resnet4j.kernel.Int8MapKernel;
import org.resnet4j.kernel.PaddedPlaces;
import org.resnet4j.parallel.Scratch;

/**
 * Squeeze-and-excitation. The gates are computed in float32, from the means of bytes; they are factors of bytes.
 *
 * @param input the value that it reads
 * @param target the result
 * @param layers the layers that compute the gates from the means
 */
record ByteSqueeze(
        PaddedStep.Wiring<byte[]> wiring,
        ByteValue input,
        ByteTarget target,
        Step.Squeeze.Layers layers,
        Int8MapKernel kernel)
        implements ByteStep {
    private static final Scratch.Ints SUMS = new Scratch.Ints();
    private static final Scratch.Floats MEANS = new Scratch.Floats();

    @Override
    public void run(PaddedPlaces places, PaddedMemory<byte[]> memory, Compute compute) {
        byte[] x = wiring.source(memory);
        int images = places.x().batch();
        int channels = places.x().channels();
        int pixels = places.x().height() * places.x().width();
        int[] sums = memory.scratch().get(SUMS, images * channels);
        float[] means = memory.scratch().get(MEANS, images * channels);
        kernel.sum(places.x(), x, sums, compute.workers());
        for (int i = 0; i < images * channels; i++) {
            means[i] = input.mean(sums[i], pixels);
        }
        float[] gates = layers.gates(images, channels, means, compute, memory.scratch());
        float[] factors = Arrays.copyOf(gates, images * channels);
        markBroken(factors, memory.broken());
        kernel.rescale(
                places,
                target.rescaling(input.scale(), factors, new float[factors.length]),
                x,
                wiring.residual(memory),
                wiring.target(memory),
                compute.workers());
    }

    /** Marks images with a gate that is not a number, and closes it. */
    private static void markBroken(float[] gates, boolean[] broken) {
        int channels = gates.length / broken.length;
        for (int i = 0; i < gates.length; i++) {
            if (Float.isNaN(gates[i])) {
                broken[i / channels] = true;
                gates[i] = 0;
            }
        }
    }
}
