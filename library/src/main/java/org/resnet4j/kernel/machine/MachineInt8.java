package org.resnet4j.kernel.machine;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.ByteImages;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Int8Convolution;
import org.resnet4j.kernel.Int8Epilogue;
import org.resnet4j.kernel.Int8Kernel;
import org.resnet4j.kernel.Int8MapKernel;
import org.resnet4j.kernel.Int8Places;
import org.resnet4j.kernel.Int8Weights;
import org.resnet4j.machine.MachineCode;
import org.resnet4j.machine.RefusedMemoryException;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/** Quantized convolution with the instruction {@code vpdpbusd} of AVX-512 VNNI. */
final class MachineInt8 implements Int8Kernel {
    /** The products of a call: some ten microseconds, for which the garbage collector may have to wait. */
    static final int CALL_PRODUCTS = 4_000_000;

    private static final Scratch.Ints TABLE = new Scratch.Ints();

    /** The kinds of code: for bytes, for bytes with a residual, for floats. */
    enum Kind {
        BYTES,
        ADDED_BYTES,
        FLOATS
    }

    /** The code by kind and vectors. */
    private final MemorySegment[][] code = new MemorySegment[Kind.values().length][TileCode.MOST_VECTORS];

    private final Int8Kernel twin;

    /**
     * Writes the code.
     *
     * @param twin computes what is not written in machine code
     * @throws RefusedMemoryException if the operating system refuses executable memory
     */
    MachineInt8(Int8Kernel twin) throws RefusedMemoryException {
        this.twin = twin;
        for (Kind kind : Kind.values()) {
            for (int vectors = 1; vectors <= TileCode.MOST_VECTORS; vectors++) {
                byte[] bytes = Int8Code.write(vectors, kind == Kind.ADDED_BYTES, kind == Kind.FLOATS);
                code[kind.ordinal()][vectors - 1] = MachineCode.load(bytes);
            }
        }
    }

    @Override
    public String name() {
        return "machine code, AVX-512 VNNI";
    }

    @Override
    public Int8Convolution pack(ConvolutionShape shape, Int8Weights weights) {
        weights.check(shape);
        return new Convolution(new Int8Panels(shape, weights), weights.epilogue());
    }

    @Override
    public Int8MapKernel maps() {
        return twin.maps();
    }

    /** A packed convolution. */
    private final class Convolution implements Int8Convolution {
        private final Int8Panels panels;
        private final MemorySegment weights;
        private final MemorySegment constants;
        private final Int8Epilogue epilogue;

        Convolution(Int8Panels panels, Int8Epilogue epilogue) {
            this.panels = panels;
            this.weights = MemorySegment.ofArray(panels.weights());
            this.constants = MemorySegment.ofArray(panels.constants());
            this.epilogue = epilogue;
        }

        @Override
        public long bytes() {
            return panels.bytes();
        }

        @Override
        public void run(Int8Places places, byte[] x, byte @Nullable [] residual, byte[] y, Workers workers) {
            places.check(epilogue, x, residual, y);
            MemorySegment added = residual == null ? MemorySegment.NULL : MemorySegment.ofArray(residual);
            Kind kind = residual == null ? Kind.BYTES : Kind.ADDED_BYTES;
            run(places, kind, MemorySegment.ofArray(x), added, MemorySegment.ofArray(y), workers);
        }

        @Override
        public void run(Int8Places places, byte[] x, float[] y, Workers workers) {
            places.check(x, y);
            run(places, Kind.FLOATS, MemorySegment.ofArray(x), MemorySegment.NULL, MemorySegment.ofArray(y), workers);
        }

        private void run(
                Int8Places places,
                Kind kind,
                MemorySegment x,
                MemorySegment residual,
                MemorySegment y,
                Workers workers) {
            ConvolutionShape s = places.shape();
            int pixels = s.batch() * s.outHeight() * s.outWidth();
            int block = block(panels, pixels);
            int blocks = Math.ceilDiv(pixels, block);
            int count = panels.panels().size();
            boolean manyWeights = panels.bytes() > places.x().bytes();
            workers.run(blocks * count, (index, scratch) -> {
                int panel = manyWeights ? index / blocks : index % count;
                int first = (manyWeights ? index % blocks : index / count) * block;
                int[] table = scratch.get(TABLE, block * Int8Code.TABLE_INTS);
                int size = Math.min(block, pixels - first);
                fill(table, places, kind, first, size);
                run(places, panels.panels().get(panel), kind, x, residual, y, MemorySegment.ofArray(table), size);
            });
        }

        private void run(
                Int8Places places,
                Int8Panels.Panel panel,
                Kind kind,
                MemorySegment x,
                MemorySegment residual,
                MemorySegment y,
                MemorySegment table,
                int pixels) {
            long channelBytes = kind == Kind.FLOATS ? Float.BYTES : 1;
            var arrays = new Int8Call.Arrays(
                    x.asSlice(panel.firstInput()),
                    weights.asSlice(panel.weights()),
                    y.asSlice(panel.firstOutput() * channelBytes),
                    kind == Kind.ADDED_BYTES ? residual.asSlice(panel.firstOutput()) : residual,
                    table,
                    constants.asSlice((long) panel.constants() * Float.BYTES));
            var results = new Int8Call.Results(pixels, panel.lastLanes());
            Int8Call.run(code[kind.ordinal()][panel.vectors() - 1], arrays, panels.walk(panel, places.x()), results);
        }
    }

    /** Returns the pixels of a call: a multiple of those of a tile, for some {@link #CALL_PRODUCTS} products. */
    static int block(Int8Panels panels, int pixels) {
        int products = TileCode.ROWS * panels.bytes(panels.panels().getFirst());
        return TileCode.ROWS * Math.clamp(CALL_PRODUCTS / products, 1, Math.ceilDiv(pixels, TileCode.ROWS));
    }

    /** Writes the positions of pixels in the images. */
    static void fill(int[] table, Int8Places places, Kind kind, int first, int count) {
        ConvolutionShape s = places.shape();
        ByteImages x = places.x();
        ByteImages y = places.y();
        ByteImages added = places.residual();
        int columns = s.outWidth();
        int column = first % columns;
        int row = first / columns % s.outHeight();
        int image = first / columns / s.outHeight();
        int to = 0;
        for (int pixel = first; pixel < first + count; pixel++) {
            table[to++] = image * x.imageBytes()
                    + x.position(row * s.stride() - s.padding(), column * s.stride() - s.padding());
            table[to++] = kind == Kind.FLOATS
                    ? pixel * s.outChannels() * Float.BYTES
                    : image * y.imageBytes() + y.position(row, column);
            table[to++] = added == null ? 0 : image * added.imageBytes() + added.position(row, column);
            if (++column == columns) {
                column = 0;
                if (++row == s.outHeight()) {
                    row = 0;
                    image++;
                }
            }
        }
    }
}
