package org.resnet4j.kernel.machine;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Int8Convolution;
import org.resnet4j.kernel.Int8Epilogue;
import org.resnet4j.kernel.Int8Kernel;
import org.resnet4j.kernel.Int8MapKernel;
import org.resnet4j.kernel.Int8Weights;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.kernel.PaddedPlaces;
import org.resnet4j.machine.RefusedMemoryException;
import org.resnet4j.parallel.Workers;

/** Quantized convolution with the instruction {@code vpdpbusd} of AVX-512 VNNI. */
final class MachineInt8 implements Int8Kernel {
    private final PixelConvolution.Code code = new PixelConvolution.Code(Int8Code::write);
    private final Int8Kernel twin;

    /**
     * Writes the code.
     *
     * @param twin computes what is not written in machine code
     * @throws RefusedMemoryException if the operating system refuses executable memory
     */
    MachineInt8(Int8Kernel twin) throws RefusedMemoryException {
        this.twin = twin;
    }

    @Override
    public String name() {
        return "machine code, AVX-512 VNNI";
    }

    @Override
    public Int8Convolution pack(ConvolutionShape shape, Int8Weights weights) {
        weights.check(shape);
        return new Convolution(pixels(shape, weights), weights.epilogue());
    }

    PixelConvolution pixels(ConvolutionShape shape, Int8Weights weights) {
        var panels = new PixelPanels(shape, PaddedImages.BYTES_AT_ONCE);
        byte[] w = weights.w();
        var packed = new byte[panels.length()];
        panels.pack((from, to, count) -> {
            for (int i = 0; i < count; i++) {
                packed[to + i * PaddedImages.BYTES_AT_ONCE] = w[from + i];
            }
        });
        float[] constants = Int8Code.constants(panels, weights.epilogue());
        return new PixelConvolution(
                code, panels, MemorySegment.ofArray(packed), MemorySegment.ofArray(constants), Int8Code.CONSTANTS);
    }

    @Override
    public int weightBytes() {
        return Byte.BYTES;
    }

    @Override
    public Int8MapKernel maps() {
        return twin.maps();
    }

    /** A packed convolution. */
    private record Convolution(PixelConvolution packed, Int8Epilogue epilogue) implements Int8Convolution {
        @Override
        public long bytes() {
            return packed.bytes();
        }

        @Override
        public void run(PaddedPlaces places, byte[] x, byte @Nullable [] residual, byte[] y, Workers workers) {
            places.check(epilogue, x, residual, y);
            var images = new PixelConvolution.Images(
                    MemorySegment.ofArray(x),
                    residual == null ? MemorySegment.NULL : MemorySegment.ofArray(residual),
                    MemorySegment.ofArray(y));
            packed.run(places, residual == null ? PixelCode.Kind.CONVERTED : PixelCode.Kind.ADDED, images, workers);
        }

        @Override
        public void run(PaddedPlaces places, byte[] x, float[] y, Workers workers) {
            places.check(x, y);
            var images =
                    new PixelConvolution.Images(MemorySegment.ofArray(x), MemorySegment.NULL, MemorySegment.ofArray(y));
            packed.run(places, PixelCode.Kind.FLOATS, images, workers);
        }
    }
}
