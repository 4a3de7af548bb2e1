package org.resnet4j.kernel.vector;

import org.resnet4j.kernel.ConvolutionShape;

/** The positions of one window of a pooling that are inside the image. */
record PoolingWindow(int firstRow, int endRow, int firstColumn, int endColumn) {
    static PoolingWindow of(ConvolutionShape s, int oy, int ox) {
        int y = oy * s.stride() - s.padding();
        int x = ox * s.stride() - s.padding();
        return new PoolingWindow(
                Math.max(0, y),
                Math.min(s.height(), y + s.kernelHeight()),
                Math.max(0, x),
                Math.min(s.width(), x + s.kernelWidth()));
    }

    /** Returns a cell ({@link org.resnet4j.kernel.PoolingKernel#cellsForward}). */
    static PoolingWindow cell(ConvolutionShape s, int oy, int ox) {
        int y = oy * s.stride();
        int x = ox * s.stride();
        return new PoolingWindow(y, Math.min(s.height(), y + s.stride()), x, Math.min(s.width(), x + s.stride()));
    }

    /** Returns the number of positions. */
    int size() {
        return (endRow - firstRow) * (endColumn - firstColumn);
    }
}
