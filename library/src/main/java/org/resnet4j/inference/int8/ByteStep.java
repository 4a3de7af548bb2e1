package org.resnet4j.inference.int8;

import org.resnet4j.compute.Compute;
import org.resnet4j.inference.padded.PaddedMemory;
import org.resnet4j.inference.padded.PaddedStep;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Int8Convolution;
import org.resnet4j.kernel.Int8MapKernel;
import org.resnet4j.kernel.Int8Rescaling;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.kernel.PaddedPlaces;

/** One step of a quantized network. */
interface ByteStep extends PaddedStep<byte[]> {
    /** A convolution and the operations folded into it. */
    record Convolution(Wiring<byte[]> wiring, Int8Convolution packed) implements ByteStep {
        @Override
        public void run(PaddedPlaces places, PaddedMemory<byte[]> memory, Compute compute) {
            packed.run(
                    places, wiring.source(memory), wiring.residual(memory), wiring.target(memory), compute.workers());
        }
    }

    /** Max pooling, which does not change the scale. */
    record MaxPool(Wiring<byte[]> wiring, Int8MapKernel kernel) implements ByteStep {
        @Override
        public void run(PaddedPlaces places, PaddedMemory<byte[]> memory, Compute compute) {
            kernel.maxPool(places, wiring.source(memory), wiring.target(memory), compute.workers());
        }
    }

    /**
     * Average pooling over cells of pixels.
     *
     * @param rescaling has one factor and one offset
     */
    record AveragePool(Wiring<byte[]> wiring, Int8Rescaling rescaling, Int8MapKernel kernel) implements ByteStep {
        @Override
        public void run(PaddedPlaces places, PaddedMemory<byte[]> memory, Compute compute) {
            kernel.averagePool(places, rescaling, wiring.source(memory), wiring.target(memory), compute.workers());
        }
    }

    /** An affine function of each channel, a ReLU, or a sum with the shortcut. */
    record Rescale(Wiring<byte[]> wiring, Int8Rescaling rescaling, Int8MapKernel kernel) implements ByteStep {
        @Override
        public void run(PaddedPlaces places, PaddedMemory<byte[]> memory, Compute compute) {
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
    record Subsample(Wiring<byte[]> wiring) implements ByteStep {
        @Override
        public void run(PaddedPlaces places, PaddedMemory<byte[]> memory, Compute compute) {
            byte[] x = wiring.source(memory);
            byte[] y = wiring.target(memory);
            ConvolutionShape s = places.shape();
            PaddedImages output = places.y();
            int before = (s.outChannels() - s.inChannels()) / 2;
            compute.workers().run(s.batch() * s.outHeight(), (index, scratch) -> {
                int image = index / s.outHeight();
                int row = index % s.outHeight();
                int first = output.position(image, row, 0);
                wiring.output().fill(y, first, first + s.outWidth() * output.pixelLength());
                for (int column = 0; column < s.outWidth(); column++) {
                    int from = places.x().position(image, row * s.stride(), column * s.stride());
                    System.arraycopy(x, from, y, first + column * output.pixelLength() + before, s.inChannels());
                }
            });
        }
    }
}
