package org.resnet4j.inference.int8;

import java.util.Arrays;
import org.resnet4j.compute.Compute;
import org.resnet4j.inference.padded.PaddedMemory;
import org.resnet4j.kernel.Int8Convolution;
import org.resnet4j.kernel.Int8MapKernel;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.kernel.PaddedPlaces;
import org.resnet4j.parallel.Scratch;

/** One step of the head, which computes features and logits in float32. */
interface HeadStep extends ByteStep {
    /**
     * Global average pooling, from bytes to features.
     *
     * @param input the value that it reads
     */
    record GlobalAverage(Wiring<byte[]> wiring, ByteValue input, Int8MapKernel kernel) implements HeadStep {
        private static final Scratch.Ints SUMS = new Scratch.Ints();

        @Override
        public void run(PaddedPlaces places, PaddedMemory<byte[]> memory, Compute compute) {
            PaddedImages layout = places.x();
            int channels = layout.channels();
            int pixels = layout.height() * layout.width();
            int[] sums = memory.scratch().get(SUMS, layout.batch() * channels);
            float[] features = memory.features();
            kernel.sum(layout, wiring.source(memory), sums, compute.workers());
            for (int i = 0; i < layout.batch() * channels; i++) {
                boolean broken = memory.broken()[i / channels];
                features[i] = broken ? Float.NaN : input.mean(sums[i], pixels);
            }
        }
    }

    /** The linear layer in bytes, to which the features are converted. */
    record Linear(Wiring<byte[]> wiring, Int8Convolution packed) implements LinearStep<byte[]> {
        @Override
        public void run(PaddedPlaces places, PaddedMemory<byte[]> memory, Compute compute) {
            byte[] x = memory.packedFeatures(places.x().length());
            float[] scores = memory.scores();
            wiring.input().fromFloats(memory.features(), places.x(), x, new boolean[1], compute.workers());
            packed.run(places, x, scores, compute.workers());
            int classes = places.shape().outChannels();
            for (int image = 0; image < memory.broken().length; image++) {
                if (memory.broken()[image]) {
                    Arrays.fill(scores, image * classes, (image + 1) * classes, Float.NaN);
                }
            }
        }
    }
}
