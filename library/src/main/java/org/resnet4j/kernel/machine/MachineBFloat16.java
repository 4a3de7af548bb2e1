package org.resnet4j.kernel.machine;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.BFloat16Convolution;
import org.resnet4j.kernel.BFloat16Kernel;
import org.resnet4j.kernel.BFloat16Weights;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.kernel.PaddedPlaces;
import org.resnet4j.machine.RefusedMemoryException;
import org.resnet4j.parallel.Workers;

/** Convolution in bfloat16 with the instruction {@code vdpbf16ps} of AVX-512 BF16. */
final class MachineBFloat16 implements BFloat16Kernel {
    private final PixelConvolution.Code code = new PixelConvolution.Code(BFloat16Code::write);
    private final BFloat16Kernel twin;

    /**
     * Writes the code.
     *
     * @param twin computes what is not written in machine code
     * @throws RefusedMemoryException if the operating system refuses executable memory
     */
    MachineBFloat16(BFloat16Kernel twin) throws RefusedMemoryException {
        this.twin = twin;
    }

    @Override
    public String name() {
        return MachineKernels.BFLOAT16;
    }

    @Override
    public BFloat16Convolution pack(ConvolutionShape shape, BFloat16Weights weights) {
        weights.check(shape);
        return new Convolution(pixels(shape, weights));
    }

    PixelConvolution pixels(ConvolutionShape shape, BFloat16Weights weights) {
        var panels = new PixelPanels(shape, PaddedImages.BFLOATS_AT_ONCE);
        short[] w = weights.w();
        var packed = new short[panels.length()];
        panels.pack((from, to, count) -> {
            for (int i = 0; i < count; i++) {
                packed[to + i * PaddedImages.BFLOATS_AT_ONCE] = w[from + i];
            }
        });
        float[] constants = BFloat16Code.constants(panels, weights);
        return new PixelConvolution(
                code, panels, MemorySegment.ofArray(packed), MemorySegment.ofArray(constants), BFloat16Code.CONSTANTS);
    }

    @Override
    public void maxPool(PaddedPlaces places, short[] x, short[] y, Workers workers) {
        twin.maxPool(places, x, y, workers);
    }

    @Override
    public void round(float[] from, int source, short[] to, int target, int count) {
        twin.round(from, source, to, target, count);
    }

    /** A packed convolution. */
    private record Convolution(PixelConvolution packed) implements BFloat16Convolution {
        @Override
        public long bytes() {
            return packed.bytes();
        }

        @Override
        public void run(PaddedPlaces places, short[] x, short @Nullable [] residual, short[] y, Workers workers) {
            places.check(x, residual, y);
            var images = new PixelConvolution.Images(
                    MemorySegment.ofArray(x),
                    residual == null ? MemorySegment.NULL : MemorySegment.ofArray(residual),
                    MemorySegment.ofArray(y));
            packed.run(places, residual == null ? PixelCode.Kind.CONVERTED : PixelCode.Kind.ADDED, images, workers);
        }

        @Override
        public void run(PaddedPlaces places, short[] x, float[] y, Workers workers) {
            places.check(x, y);
            var images =
                    new PixelConvolution.Images(MemorySegment.ofArray(x), MemorySegment.NULL, MemorySegment.ofArray(y));
            packed.run(places, PixelCode.Kind.FLOATS, images, workers);
        }
    }
}
