package org.resnet4j.kernel;

import java.util.ArrayList;
import java.util.List;
import org.resnet4j.kernel.vector.product.VectorTiles;

/** The shapes for comparing convolutions. */
public final class ConvolutionShapes {
    private static final int LANES = VectorTiles.LANES;

    /** Numbers of channels around the edges of vectors, panels and tiles. */
    private static final List<Integer> CHANNELS = List.of(
            1, 2, 3, 5, 7, LANES - 1, LANES, LANES + 1, 2 * LANES - 1, 2 * LANES, 3 * LANES, 4 * LANES, 4 * LANES + 1);

    private static final long MOST_MULTIPLY_ADDS = 1_500_000;

    private ConvolutionShapes() {}

    /**
     * Returns every window size, stride and padding; every pair of channel counts; and a random selection of all of
     * them together.
     */
    public static List<ConvolutionShape> small() {
        var shapes = new ArrayList<ConvolutionShape>();
        everyWindow(shapes);
        everyChannel(shapes);
        drawn(shapes);
        return shapes;
    }

    private static void everyWindow(List<ConvolutionShape> shapes) {
        for (int kernel = 1; kernel <= 7; kernel++) {
            for (int stride = 1; stride <= 3; stride++) {
                for (int padding = 0; padding <= 3; padding++) {
                    shapes.add(new ConvolutionShape(2, 9, 8, 3, 5, new Window(kernel, kernel, stride, padding), 1));
                    shapes.add(new ConvolutionShape(
                            1, 7, 7, LANES, 2 * LANES, new Window(kernel, kernel, stride, padding), 1));
                    if (2 + 2 * padding >= kernel) {
                        // Smaller than its window.
                        shapes.add(new ConvolutionShape(3, 2, 3, 4, 6, new Window(kernel, kernel, stride, padding), 2));
                    }
                }
            }
        }
    }

    private static void everyChannel(List<ConvolutionShape> shapes) {
        for (int in : CHANNELS) {
            for (int out : CHANNELS) {
                shapes.add(new ConvolutionShape(1, 5, 4, in, out, new Window(3, 3, 1, 1), 1));
                shapes.add(new ConvolutionShape(2, 3, 5, in, out, new Window(1, 1, 1, 0), 1));
            }
        }
    }

    private static void drawn(List<ConvolutionShape> shapes) {
        var random = new RandomArrays(7);
        int wanted = shapes.size() + 250;
        while (shapes.size() < wanted) {
            int groups = random.integer(0, 2) == 0 ? random.integer(2, 4) : 1;
            int kernelHeight = random.integer(1, 7);
            int kernelWidth = random.integer(1, 7);
            int padding = random.integer(0, 3);
            var shape = new ConvolutionShape(
                    random.integer(1, 5),
                    random.integer(Math.max(1, kernelHeight - 2 * padding), 13),
                    random.integer(Math.max(1, kernelWidth - 2 * padding), 13),
                    groups * CHANNELS.get(random.integer(0, CHANNELS.size() - 1)),
                    groups * CHANNELS.get(random.integer(0, CHANNELS.size() - 1)),
                    new Window(kernelHeight, kernelWidth, random.integer(1, 3), padding),
                    groups);
            if (shape.multiplyAdds() <= MOST_MULTIPLY_ADDS) {
                shapes.add(shape);
            }
        }
    }

    /**
     * Returns shapes that are large enough to be divided: into bands, blocks of depth, chunks of sums, shares of
     * panels.
     */
    public static List<ConvolutionShape> large() {
        return List.of(
                // Bands of rows, the last one shorter.
                new ConvolutionShape(2, 41, 37, 64, 33, new Window(3, 3, 1, 1), 1),
                new ConvolutionShape(1, 75, 63, 32, 48, new Window(3, 3, 2, 1), 1),
                new ConvolutionShape(1, 60, 59, 3, 17, new Window(7, 7, 2, 3), 1),
                new ConvolutionShape(2, 90, 70, 16, 16, new Window(3, 3, 1, 1), 1),
                // Bands of whole images that do not divide the batch.
                new ConvolutionShape(131, 8, 8, 16, 16, new Window(3, 3, 1, 1), 1),
                new ConvolutionShape(67, 7, 5, 24, 33, new Window(1, 1, 1, 0), 1),
                new ConvolutionShape(61, 9, 9, 16, 32, new Window(1, 1, 2, 0), 1),
                // Several groups of panels, the last one narrower; and long rows that are read ahead.
                new ConvolutionShape(3, 13, 11, 24, 18 * LANES + 3, new Window(1, 1, 1, 0), 1),
                new ConvolutionShape(1, 13, 11, 36, 10 * LANES, new Window(3, 3, 2, 1), 2),
                new ConvolutionShape(2, 17, 15, 260, 4 * LANES, new Window(1, 1, 1, 0), 1),
                // Deep products: blocks of depth.
                new ConvolutionShape(2, 4, 5, 2048, 70, new Window(1, 1, 1, 0), 1),
                new ConvolutionShape(1, 5, 5, 512, 66, new Window(3, 3, 1, 1), 1),
                new ConvolutionShape(2, 3, 3, 9001, 20, new Window(1, 1, 1, 0), 1),
                new ConvolutionShape(2, 3, 3, 20, 9001, new Window(1, 1, 1, 0), 1),
                new ConvolutionShape(1, 3, 3, 66, 1030, new Window(3, 3, 1, 1), 1),
                new ConvolutionShape(1, 4, 4, 2 * 1100, 2 * 18, new Window(3, 3, 2, 1), 2),
                // Few pixels and many channels: shares of panels.
                new ConvolutionShape(1, 2, 2, 300, 1000, new Window(1, 1, 1, 0), 1),
                // Groups over several bands.
                new ConvolutionShape(3, 33, 34, 4 * 17, 4 * 16, new Window(3, 3, 1, 1), 4));
    }

    /**
     * Returns shapes with 3x3 windows, stride 1 and whole vectors of channels, which may use a Winograd convolution.
     */
    public static List<ConvolutionShape> filtered() {
        var shapes = new ArrayList<ConvolutionShape>();
        for (int height = 4; height <= 9; height++) {
            for (int width = 4; width <= 9; width++) {
                shapes.add(same(2, height, width, LANES, 2 * LANES));
                shapes.add(same(1, height, width, 3 * LANES, LANES));
            }
        }
        // Rows of tiles divided into bands, images combined into bands, neither of them evenly.
        shapes.add(same(1, 57, 55, 64, 64));
        shapes.add(same(2, 31, 63, 16, 16));
        shapes.add(same(3, 33, 29, 32, 48));
        shapes.add(same(43, 9, 8, 32, 16));
        shapes.add(same(31, 5, 5, 64, 32));
        // One row of tiles in each band.
        shapes.add(same(1, 4, 301, 64, 64));
        // The largest numbers of channels, also beyond those that use a Winograd convolution.
        shapes.add(same(1, 14, 13, 256, 64));
        shapes.add(same(2, 7, 7, 64, 256));
        shapes.add(same(1, 5, 4, 256, 256));
        shapes.add(same(1, 4, 5, 256 + LANES, 64));
        // Chunks of tiles, each in several blocks of input channels.
        shapes.add(same(8, 14, 13, 256, 64));
        shapes.add(same(3, 30, 30, 192, 64));
        // Weights that are packed panel by panel, tiles in more than one block, edges of all kinds.
        shapes.add(same(1, 7, 7, 512, 512));
        shapes.add(same(4, 9, 10, 512, 128));
        return shapes;
    }

    /** Returns shapes with 3x3 windows and stride 2, which may use a Winograd convolution. */
    static List<ConvolutionShape> filteredStrided() {
        var shapes = new ArrayList<ConvolutionShape>();
        for (int height = 1; height <= 12; height++) {
            for (int width = 1; width <= 12; width++) {
                shapes.add(new ConvolutionShape(
                        1 + width % 3, height, width, LANES, 2 * LANES, new Window(3, 3, 2, 1), 1));
            }
        }
        // As selected: even and odd sides, blocks of tiles, shares of panels, weights beyond a cache.
        shapes.add(new ConvolutionShape(1, 57, 55, 64, 64, new Window(3, 3, 2, 1), 1));
        shapes.add(new ConvolutionShape(2, 28, 30, 64, 128, new Window(3, 3, 2, 1), 1));
        shapes.add(new ConvolutionShape(5, 9, 10, 64 + LANES, 64, new Window(3, 3, 2, 1), 1));
        shapes.add(new ConvolutionShape(1, 28, 28, 256, 256, new Window(3, 3, 2, 1), 1));
        return shapes;
    }

    private static ConvolutionShape same(int batch, int height, int width, int in, int out) {
        return new ConvolutionShape(batch, height, width, in, out, new Window(3, 3, 1, 1), 1);
    }
}
