package org.resnet4j.inference.bfloat16;

import java.util.Arrays;
import org.resnet4j.compute.Compute;
import org.resnet4j.inference.padded.PaddedMemory;
import org.resnet4j.inference.padded.PaddedStep;
import org.resnet4j.kernel.BFloat16;
import org.resnet4j.kernel.BFloat16Convolution;
import org.resnet4j.kernel.BFloat16Kernel;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.kernel.PaddedPlaces;

/** One step in bfloat16. */
interface BFloat16Step extends PaddedStep<short[]> {
    /** A convolution and the operations folded into it. */
    record Convolution(Wiring<short[]> wiring, BFloat16Convolution packed) implements BFloat16Step {
        @Override
        public void run(PaddedPlaces places, PaddedMemory<short[]> memory, Compute compute) {
            packed.run(
                    places, wiring.source(memory), wiring.residual(memory), wiring.target(memory), compute.workers());
        }
    }

    /** Max pooling. */
    record MaxPool(Wiring<short[]> wiring, BFloat16Kernel kernel) implements BFloat16Step {
        @Override
        public void run(PaddedPlaces places, PaddedMemory<short[]> memory, Compute compute) {
            kernel.maxPool(places, wiring.source(memory), wiring.target(memory), compute.workers());
        }
    }

    /** Global average pooling, from bfloat16 to features in float32. */
    record GlobalAverage(Wiring<short[]> wiring) implements BFloat16Step {
        @Override
        public void run(PaddedPlaces places, PaddedMemory<short[]> memory, Compute compute) {
            PaddedImages images = places.x();
            short[] x = wiring.source(memory);
            float[] features = memory.features();
            compute.workers().run(images.batch(), (image, scratch) -> average(images, x, image, features));
        }

        private static void average(PaddedImages images, short[] x, int image, float[] features) {
            int channels = images.channels();
            int to = image * channels;
            Arrays.fill(features, to, to + channels, 0);
            for (int row = 0; row < images.height(); row++) {
                for (int column = 0; column < images.width(); column++) {
                    int from = images.position(image, row, column);
                    for (int c = 0; c < channels; c++) {
                        features[to + c] += BFloat16.toFloat(x[from + c]);
                    }
                }
            }
            float share = 1f / (images.height() * images.width());
            for (int c = 0; c < channels; c++) {
                features[to + c] *= share;
            }
        }
    }

    /** The linear layer. It rounds the features. */
    record Linear(Wiring<short[]> wiring, BFloat16Convolution packed) implements LinearStep<short[]> {
        @Override
        public void run(PaddedPlaces places, PaddedMemory<short[]> memory, Compute compute) {
            short[] x = memory.packedFeatures(places.x().length());
            wiring.input().fromFloats(memory.features(), places.x(), x, memory.broken(), compute.workers());
            packed.run(places, x, memory.scores(), compute.workers());
        }
    }
}
