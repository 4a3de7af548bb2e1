package org.resnet4j.kernel.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PaddedPlaces;

/** Runs machine code for convolutions on memory between pages that must not be touched. */
final class GuardedPixels {
    private GuardedPixels() {}

    /**
     * Runs all panels.
     *
     * @param atEnd true if each array ends at such a page, false if it begins after one
     * @return the bytes of the output
     */
    static byte[] run(
            PixelConvolution convolution, PaddedPlaces places, PixelConvolution.Images images, boolean atEnd) {
        PixelCode.Kind kind = places.residual() == null ? PixelCode.Kind.CONVERTED : PixelCode.Kind.ADDED;
        PixelPanels panels = convolution.panels();
        ConvolutionShape s = places.shape();
        int pixels = s.batch() * s.outHeight() * s.outWidth();
        int bytes = panels.elementBytes();
        var table = new int[pixels * PixelCode.TABLE_INTS];
        PixelConvolution.fill(table, places, kind, bytes, 0, pixels);
        long constants = (long) Float.BYTES * convolution.panelConstants();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment y = GuardedMemory.copy(images.y(), atEnd, arena);
            MemorySegment residual = GuardedMemory.copy(images.residual(), atEnd, arena);
            for (PixelPanels.Panel panel : panels.list()) {
                MemorySegment packed = convolution
                        .weights()
                        .asSlice((long) bytes * panel.weights(), (long) bytes * panels.length(panel));
                MemorySegment ofPanel = convolution.constants().asSlice(constants * panel.index(), constants);
                var arrays = new PixelCall.Arrays(
                        GuardedMemory.copy(images.x(), atEnd, arena).asSlice((long) bytes * panel.firstInput()),
                        GuardedMemory.copy(packed, atEnd, arena),
                        y.asSlice((long) bytes * panel.firstOutput()),
                        residual.asSlice((long) bytes * panel.firstOutput()),
                        GuardedMemory.copy(MemorySegment.ofArray(table), atEnd, arena),
                        GuardedMemory.copy(ofPanel, atEnd, arena));
                PixelCall.run(
                        convolution.code().entry(kind, panel.vectors()),
                        arrays,
                        panels.walk(panel, places.x()),
                        new PixelCall.Results(pixels, panel.lastLanes()));
            }
            return y.toArray(ValueLayout.JAVA_BYTE);
        }
    }
}
