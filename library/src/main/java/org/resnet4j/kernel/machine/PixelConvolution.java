package org.resnet4j.kernel.machine;

import java.lang.foreign.MemorySegment;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.kernel.PaddedPlaces;
import org.resnet4j.machine.MachineCode;
import org.resnet4j.machine.RefusedMemoryException;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/**
 * A convolution of padded images in machine code. Instructions do not check bounds, so the lengths of the arrays have to be
 * checked before.
 *
 * @param code the code for the number format
 * @param weights those of {@code panels}
 * @param constants those of all panels, one after the other
 * @param panelConstants the constants of a panel
 */
record PixelConvolution(
        Code code, PixelPanels panels, MemorySegment weights, MemorySegment constants, int panelConstants) {
    /** The products of a call: some ten microseconds, for which the garbage collector may have to wait. */
    static final int CALL_PRODUCTS = 4_000_000;

    private static final Scratch.Ints TABLE = new Scratch.Ints();

    /** The code for all kinds of results and all panels. */
    static final class Code {
        /** Writes the code for panels of a number of vectors. */
        @FunctionalInterface
        interface Writer {
            byte[] write(int vectors, PixelCode.Kind kind);
        }

        private final MemorySegment[][] entries = new MemorySegment[PixelCode.Kind.values().length][];

        /**
         * Writes the code.
         *
         * @throws RefusedMemoryException if the operating system refuses executable memory
         */
        Code(Writer writer) throws RefusedMemoryException {
            for (PixelCode.Kind kind : PixelCode.Kind.values()) {
                var ofKind = new MemorySegment[TileCode.MOST_VECTORS];
                for (int vectors = 1; vectors <= TileCode.MOST_VECTORS; vectors++) {
                    ofKind[vectors - 1] = MachineCode.load(writer.write(vectors, kind));
                }
                entries[kind.ordinal()] = ofKind;
            }
        }

        MemorySegment entry(PixelCode.Kind kind, int vectors) {
            return entries[kind.ordinal()][vectors - 1];
        }
    }

    /**
     * The images of a call.
     *
     * @param residual anything if none is added
     */
    record Images(MemorySegment x, MemorySegment residual, MemorySegment y) {}

    /** Returns the bytes of weights and constants. */
    long bytes() {
        return weights.byteSize() + constants.byteSize();
    }

    void run(PaddedPlaces places, PixelCode.Kind kind, Images images, Workers workers) {
        ConvolutionShape s = places.shape();
        int pixels = s.batch() * s.outHeight() * s.outWidth();
        int block = block(panels, pixels);
        int blocks = Math.ceilDiv(pixels, block);
        int count = panels.list().size();
        boolean manyWeights = panels.length() > places.x().length();
        workers.run(blocks * count, (index, scratch) -> {
            int panel = manyWeights ? index / blocks : index % count;
            int first = (manyWeights ? index % blocks : index / count) * block;
            int[] table = scratch.get(TABLE, block * PixelCode.TABLE_INTS);
            int size = Math.min(block, pixels - first);
            fill(table, places, kind, panels.elementBytes(), first, size);
            run(places, panels.list().get(panel), kind, images, MemorySegment.ofArray(table), size);
        });
    }

    private void run(
            PaddedPlaces places,
            PixelPanels.Panel panel,
            PixelCode.Kind kind,
            Images images,
            MemorySegment table,
            int pixels) {
        long bytes = panels.elementBytes();
        long resultBytes = kind == PixelCode.Kind.FLOATS ? Float.BYTES : bytes;
        var arrays = new PixelCall.Arrays(
                images.x.asSlice(panel.firstInput() * bytes),
                weights.asSlice(panel.weights() * bytes),
                images.y.asSlice(panel.firstOutput() * resultBytes),
                kind == PixelCode.Kind.ADDED ? images.residual.asSlice(panel.firstOutput() * bytes) : images.residual,
                table,
                constants.asSlice((long) panel.index() * panelConstants * Float.BYTES));
        PixelCall.run(
                code.entry(kind, panel.vectors()),
                arrays,
                panels.walk(panel, places.x()),
                new PixelCall.Results(pixels, panel.lastLanes()));
    }

    /** Returns the pixels of a call: a multiple of those of a tile, for some {@link #CALL_PRODUCTS} products. */
    static int block(PixelPanels panels, int pixels) {
        int products = TileCode.ROWS * panels.length(panels.list().getFirst());
        return TileCode.ROWS * Math.clamp(CALL_PRODUCTS / products, 1, Math.ceilDiv(pixels, TileCode.ROWS));
    }

    /**
     * Writes the positions of pixels in the images, in bytes.
     *
     * @param bytes the bytes of an element
     */
    static void fill(int[] table, PaddedPlaces places, PixelCode.Kind kind, int bytes, int first, int count) {
        ConvolutionShape s = places.shape();
        PaddedImages x = places.x();
        PaddedImages y = places.y();
        PaddedImages added = places.residual();
        int columns = s.outWidth();
        int column = first % columns;
        int row = first / columns % s.outHeight();
        int image = first / columns / s.outHeight();
        int to = 0;
        for (int pixel = first; pixel < first + count; pixel++) {
            table[to++] = bytes * x.position(image, row * s.stride() - s.padding(), column * s.stride() - s.padding());
            table[to++] = kind == PixelCode.Kind.FLOATS
                    ? pixel * s.outChannels() * Float.BYTES
                    : bytes * y.position(image, row, column);
            table[to++] = added == null ? 0 : bytes * added.position(image, row, column);
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
