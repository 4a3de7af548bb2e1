package org.resnet4j.kernel.product;

import java.util.Arrays;
import org.resnet4j.kernel.Accumulation;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.product.Panels.Panel;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/**
 * The input gradient of a direct convolution, as a matrix product whose rows are the windows of output gradients that the
 * input pixels see ({@link GradientWindow}), with one product for each phase.
 */
public final class DirectGradient {
    private static final Scratch.Ints ROWS = new Scratch.Ints();
    private static final Scratch.Ints OUTS = new Scratch.Ints();

    private final ConvolutionShape shape;
    private final Panels panels;
    private final GradientWindow window;
    private final int groupPacked;

    /**
     * Prepares the gradient.
     *
     * @param shape the convolution, whose channels are the floats of a pixel
     * @param panels the panels of a group's input channels
     */
    public DirectGradient(ConvolutionShape shape, Panels panels) {
        this.shape = shape;
        this.panels = panels;
        window = GradientWindow.of(shape);
        groupPacked = panels.packedSize(places() * groupOut());
    }

    private int places() {
        return shape.kernelHeight() * shape.kernelWidth();
    }

    private int groupOut() {
        return shape.outChannels() / shape.groups();
    }

    /** Returns the number of floats of the packed weights. */
    public int packedSize() {
        return shape.groups() * groupPacked;
    }

    /**
     * Packs weights.
     *
     * @param w {@code [kernelHeight, kernelWidth, columns of the panels, outChannels]}
     */
    public void pack(float[] w, float[] packed, Workers workers) {
        int out = shape.outChannels();
        workers.run(shape.groups() * places() * panels.count(), (piece, scratch) -> {
            int group = piece / panels.count() / places();
            int place = piece / panels.count() % places();
            GradientWindow.Phase phase = window.phaseOf(place);
            panels.packTransposed(
                    piece % panels.count(),
                    new Panels.Transposed(w, place * panels.columns() * out + group * groupOut(), out),
                    phase.tapOf(place, shape) * groupOut(),
                    groupOut(),
                    phase.taps() * groupOut(),
                    packed,
                    start(group, phase));
        });
    }

    /** Returns the start of a phase's packed weights. */
    private int start(int group, GradientWindow.Phase phase) {
        return group * groupPacked + panels.packedSize(phase.firstTap() * groupOut());
    }

    /** Computes the gradient with packed weights. */
    public void run(float[] dy, float[] packed, float[] dx, Accumulation accumulation, Workers workers) {
        Bands bands = window.bands();
        int groups = shape.groups();
        int shares = DirectConvolution.shares(bands.count() * groups, panels.count(), workers);
        workers.run(bands.count() * groups * shares, (piece, scratch) -> {
            int share = piece % shares;
            int band = piece / shares / groups;
            int group = piece / shares % groups;
            int fromPanel = share * panels.count() / shares;
            int toPanel = (share + 1) * panels.count() / shares;
            float[] a = window.read(band, group, dy, scratch);
            int[] rows = scratch.get(ROWS, window.mostRows());
            int[] outs = scratch.get(OUTS, window.mostRows());
            for (GradientWindow.Phase phase : window.phases()) {
                int count = window.rows(band, phase, rows, outs);
                if (count == 0) {
                    continue;
                }
                var results = new Results(dx, outs, group * (shape.inChannels() / groups));
                if (phase.taps() == 0) {
                    if (!accumulation.adds()) {
                        clear(results, count, fromPanel, toPanel);
                    }
                    continue;
                }
                if (window.isInPlace()) {
                    ReadAhead.rows(a, rows, count, groupOut(), scratch);
                }
                Product.fillBeyond(rows, count);
                Product.fillBeyond(outs, count);
                Product.multiply(
                        new Windows(
                                a,
                                rows,
                                count,
                                0,
                                phase.tapRows(),
                                window.tapStride(),
                                phase.tapColumns() * groupOut()),
                        new PackedColumns(panels, fromPanel, toPanel, packed, start(group, phase)),
                        results,
                        accumulation.adds() ? Epilogue.ADD : Epilogue.NONE,
                        scratch);
            }
        });
    }

    /** Clears the gradient of pixels that no window covers. */
    private void clear(Results results, int count, int fromPanel, int toPanel) {
        int perFloat = panels.product().resultsPerFloat();
        for (int p = fromPanel; p < toPanel; p++) {
            Panel panel = panels.get(p);
            for (int i = 0; i < count; i++) {
                int from = results.rows()[i] + results.offset() + panel.first() / perFloat;
                Arrays.fill(results.array(), from, from + panel.columns() / perFloat, 0f);
            }
        }
    }
}
