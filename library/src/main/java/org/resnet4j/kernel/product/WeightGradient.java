package org.resnet4j.kernel.product;

import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.LateGradient;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/**
 * The division of a weight gradient into pieces: sums over the output pixels of some bands, for some panels of output
 * channels. It depends only on the shape, and so do the bits.
 *
 * @param shape the convolution
 * @param window the input as seen by the windows
 * @param panels the panels of a group's output channels
 * @param stretch the number of pixels that are summed at a time
 * @param stretchProduct sums over a stretch
 */
public record WeightGradient(
        ConvolutionShape shape, InputWindow window, Panels panels, int stretch, StretchProduct stretchProduct) {
    private static final Scratch.Ints ROWS = new Scratch.Ints();

    /** Enough pieces for two to four threads to finish together. */
    private static final int FEWEST_PIECES = 8;

    /** Partial sums of the weight gradient may take 2 MB, in at most 16 chunks. */
    private static final int PARTIAL_FLOATS = 512 * 1024;

    private static final int MOST_CHUNKS = 16;

    /** Panels whose gradients are packed together, so that their rows are read in long runs. */
    private static final int PANELS = 4;

    /**
     * Adjacent output pixels.
     *
     * @param array the array in which the windows of the pixels are read
     * @param rows the start of each pixel's window
     * @param from the first pixel in {@code rows}
     * @param count the number of pixels
     * @param first the first pixel in the batch
     */
    public record Pixels(float[] array, int[] rows, int from, int count, int first) {}

    /** Some panels of a group, whose sums belong to a chunk. */
    public record Part(Panels panels, PanelSums sums, LateGradient late, int chunk, int group, int from, int to) {
        /** Returns the first output channel. */
        public int firstChannel() {
            return sums.firstChannel(group, panels.get(from));
        }

        /** Computes the output gradients of some pixels, which must happen before they are read. */
        public void compute(Pixels pixels) {
            int end = firstChannel() - panels.get(from).first() + panels.endColumn(to - 1);
            late.compute(pixels.first, pixels.first + pixels.count, firstChannel(), end);
        }

        /** Returns the sums of a panel from one of its rows. */
        public OuterProduct.Sums of(Panels.Panel panel, int row) {
            int stride = sums.rowFloats(panel);
            return new OuterProduct.Sums(sums.array(), sums.start(chunk, group, panel) + row * stride, stride, false);
        }
    }

    /** The products of a stretch of pixels. */
    @FunctionalInterface
    public interface StretchProduct {
        /** Computes the output gradients of some pixels, and adds their products with the windows. */
        void add(Pixels pixels, Part part, Scratch scratch);
    }

    /** Adds to {@code dw}. */
    public void addTo(float[] dw, float[] x, LateGradient late, Workers workers) {
        int out = shape.outChannels();
        int groups = shape.groups();
        Bands bands = window.bands();
        int weights = shape.weightSize();
        int chunks = Math.clamp(PARTIAL_FLOATS / weights, 1, Math.min(MOST_CHUNKS, bands.count()));
        int shares = Math.min(panels.count(), Math.ceilDiv(FEWEST_PIECES, chunks * groups));
        var sums = new PanelSums(chunks, panels, groups, weights / out, out, dw, workers);
        workers.run(chunks * groups * shares, (piece, scratch) -> {
            int share = piece % shares;
            int group = piece / shares % groups;
            int chunk = piece / shares / groups;
            var part = new Part(
                    panels,
                    sums,
                    late,
                    chunk,
                    group,
                    share * panels.count() / shares,
                    (share + 1) * panels.count() / shares);
            for (int p = part.from; p < part.to; p++) {
                sums.clear(chunk, group, panels.get(p));
            }
            for (int band = chunk * bands.count() / chunks; band < (chunk + 1) * bands.count() / chunks; band++) {
                addBand(band, part, x, scratch);
            }
        });
        sums.add(workers);
    }

    private void addBand(int band, Part part, float[] x, Scratch scratch) {
        Bands bands = window.bands();
        float[] a = window.read(band, part.group, x, scratch);
        int[] rows = scratch.get(ROWS, window.mostRows());
        int count = window.rows(band, rows);
        int first = (bands.firstImage(band) * shape.outHeight() + bands.firstRow(band)) * shape.outWidth();
        for (int p = part.from; p < part.to; p += PANELS) {
            var some = new Part(panels, part.sums, part.late, part.chunk, part.group, p, Math.min(part.to, p + PANELS));
            for (int from = 0; from < count; from += stretch) {
                stretchProduct.add(
                        new Pixels(a, rows, from, Math.min(stretch, count - from), first + from), some, scratch);
            }
        }
    }
}
