package org.resnet4j.kernel.vector;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.Accumulation;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.ConvolutionKernel;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.LateGradient;
import org.resnet4j.kernel.product.DirectConvolution;
import org.resnet4j.kernel.product.DirectGradient;
import org.resnet4j.kernel.product.InputWindow;
import org.resnet4j.kernel.product.OuterProduct;
import org.resnet4j.kernel.product.Panels;
import org.resnet4j.kernel.product.Panels.Panel;
import org.resnet4j.kernel.product.ReadAhead;
import org.resnet4j.kernel.product.Tiling;
import org.resnet4j.kernel.product.WeightGradient;
import org.resnet4j.kernel.vector.product.VectorTiles;
import org.resnet4j.kernel.vector.winograd.VectorPackedWinograd;
import org.resnet4j.kernel.vector.winograd.VectorWinogradWeights;
import org.resnet4j.kernel.vector.winograd.WinogradChoice;
import org.resnet4j.kernel.vector.winograd.WinogradGradientTransform;
import org.resnet4j.kernel.vector.winograd.WinogradTransform;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/**
 * Convolution as implicit matrix products: the windows of a band of rows are read in place, without im2col.
 *
 * <p>In NHWC a row of the window is contiguous, (kernel width x channels) floats. A band of the image is copied, with
 * zeros around it, to memory of the thread. There, every output pixel is a start index, and its window is one
 * contiguous run for each row of the window, so 1x1, 3x3 and 7x7 windows of any stride use the same loop. A band
 * without padding is read in place.
 *
 * <p>The input gradient is the same product over the band of output gradients, with the window rotated by 180°. With
 * stride s, the pixels fall into s·s classes that see different window positions, with one product for each class. The
 * weight gradient sums over pixels ({@link WeightGradient}); bands are grouped into chunks with their own sums, which are
 * added in order.
 *
 * <p>If a Winograd convolution is cheaper ({@link WinogradChoice}), it is used instead: {@link VectorPackedWinograd}
 * for the forward pass and the input gradient, {@link VectorWinogradWeights} for the weight gradient.
 */
public final class VectorConvolution implements ConvolutionKernel {
    /** The packed output gradients of a piece. */
    private static final Scratch.Floats GRADIENTS = new Scratch.Floats();

    /** The packed weights of all pieces. */
    private static final Scratch.Floats PACKED = new Scratch.Floats();

    private static final Scratch.Floats TURNED = new Scratch.Floats();

    /** Pixels of one outer product: the packed gradients of a panel, 32 KB, stay in the first-level cache. */
    private static final int OUTER_PIXELS = 128;

    /**
     * Pixels of one outer product if some rows are summed separately, as in the first convolution of a network. Their
     * sums are rounded once for each run of pixels, so another length would change the results of a seed.
     */
    private static final int OUTER_PIXELS_ASIDE = 256;

    /**
     * The minimum product of input and output channels for which each panel of packed weights is used at once, while it
     * is in a cache.
     */
    private static final int ONCE = 512 * 512;

    /** Rows and columns of a block in the transposition of a matrix. */
    private static final int SQUARE = 32;

    private final Tiling tiling;
    private final Supplier<OuterProduct> outerProduct;

    /**
     * Creates the kernel.
     *
     * @param tiling the tiles of the machine
     * @param outerProduct sums the weight gradients
     */
    VectorConvolution(Tiling tiling, Supplier<OuterProduct> outerProduct) {
        this.tiling = tiling;
        this.outerProduct = outerProduct;
    }

    /** Returns the algorithm of each pass, for display and tests: forward, input gradient, weight gradient. */
    static List<String> algorithms(ConvolutionShape s) {
        return List.of(name(WinogradChoice.of(s)), name(gradientTransform(s)), name(WinogradChoice.ofWeights(s)));
    }

    private static String name(@Nullable WinogradTransform transform) {
        return transform == null ? "direct" : transform.algorithm();
    }

    private static @Nullable WinogradTransform gradientTransform(ConvolutionShape s) {
        return s.stride() == 1 ? WinogradChoice.of(gradient(s)) : null;
    }

    @Override
    public void forward(ConvolutionShape s, float[] x, float[] w, float[] y, Workers workers) {
        WinogradTransform transform = WinogradChoice.of(s);
        if (transform == null) {
            forwardDirect(s, x, w, y, workers);
        } else {
            forwardWinograd(transform, s, x, w, y, Accumulation.OVERWRITE, workers);
        }
    }

    private void forwardWinograd(
            WinogradTransform transform,
            ConvolutionShape s,
            float[] x,
            float[] w,
            float[] y,
            Accumulation accumulation,
            Workers workers) {
        int in = s.inChannels();
        int out = s.outChannels();
        var panels = Panels.of(out, tiling);
        if ((long) in * out >= ONCE && panels.count() >= workers.threads()) {
            new VectorPackedWinograd(transform, in, out, panels, new float[0], new float[out], Activation.NONE)
                    .runOnce(s, w, x, y, accumulation, workers);
            return;
        }
        float[] packed = workers.shared().get(PACKED, VectorPackedWinograd.packedSize(transform, in, panels));
        var winograd = new VectorPackedWinograd(transform, in, out, panels, packed, new float[out], Activation.NONE);
        int pieces = Math.min(in, 32);
        workers.run(pieces, (piece, scratch) -> {
            for (int channel = piece * in / pieces; channel < (piece + 1) * in / pieces; channel++) {
                winograd.pack(channel, w, scratch);
            }
        });
        winograd.run(s, x, y, accumulation, workers);
    }

    private void forwardDirect(ConvolutionShape s, float[] x, float[] w, float[] y, Workers workers) {
        int depth = DirectConvolution.depth(s);
        var panels = Panels.of(s.outChannels() / s.groups(), tiling);
        boolean plain = s.groups() == 1 && panels.plainIsPacked();
        float[] packed = plain ? w : workers.shared().get(PACKED, s.groups() * panels.packedSize(depth));
        if (!plain) {
            int blocks = Math.min(depth, 16);
            workers.run(s.groups() * blocks, (piece, scratch) -> {
                int block = piece % blocks;
                DirectConvolution.pack(
                        s, panels, piece / blocks, block * depth / blocks, (block + 1) * depth / blocks, w, packed);
            });
        }
        new DirectConvolution(panels, packed, null, Activation.NONE).run(s, x, y, Accumulation.OVERWRITE, workers);
    }

    @Override
    public void backwardData(
            ConvolutionShape s, float[] dy, float[] w, float[] dx, Accumulation accumulation, Workers workers) {
        WinogradTransform transform = gradientTransform(s);
        if (transform == null) {
            backwardDataDirect(s, dy, w, dx, accumulation, workers);
        } else {
            float[] turned = workers.shared().get(TURNED, s.weightSize());
            turn(s, w, turned, workers);
            forwardWinograd(transform, gradient(s), dy, turned, dx, accumulation, workers);
        }
    }

    /**
     * Returns the convolution that computes the input gradient of a 3x3 convolution of stride 1 with a rotated window.
     */
    private static ConvolutionShape gradient(ConvolutionShape s) {
        return s.transposed();
    }

    /**
     * Rotates the window by 180° and exchanges input and output channels, in squares that stay in the first-level
     * cache.
     */
    private static void turn(ConvolutionShape s, float[] w, float[] turned, Workers workers) {
        int in = s.inChannels();
        int out = s.outChannels();
        int places = s.kernelHeight() * s.kernelWidth();
        int blocks = Math.ceilDiv(out, SQUARE);
        workers.run(places * blocks, (piece, scratch) -> {
            int place = piece / blocks;
            int from = place * in * out;
            int to = (places - 1 - place) * in * out;
            int firstOut = piece % blocks * SQUARE;
            int endOut = Math.min(out, firstOut + SQUARE);
            for (int firstIn = 0; firstIn < in; firstIn += SQUARE) {
                int endIn = Math.min(in, firstIn + SQUARE);
                for (int k = firstOut; k < endOut; k++) {
                    for (int c = firstIn; c < endIn; c++) {
                        turned[to + k * in + c] = w[from + c * out + k];
                    }
                }
            }
        });
    }

    private void backwardDataDirect(
            ConvolutionShape s, float[] dy, float[] w, float[] dx, Accumulation accumulation, Workers workers) {
        var panels = Panels.of(s.inChannels() / s.groups(), tiling);
        var gradient = new DirectGradient(s, panels);
        float[] packed = workers.shared().get(PACKED, gradient.packedSize());
        gradient.pack(w, packed, workers);
        gradient.run(dy, packed, dx, accumulation, workers);
    }

    @Override
    public void backwardWeights(
            ConvolutionShape s, float[] x, float[] dy, LateGradient late, float[] dw, Workers workers) {
        WinogradGradientTransform transform = WinogradChoice.ofWeights(s);
        if (transform == null) {
            backwardWeightsDirect(s, x, dy, late, dw, workers);
        } else {
            new VectorWinogradWeights(s, transform, tiling, outerProduct.get()).addTo(dw, x, dy, late, workers);
        }
    }

    private void backwardWeightsDirect(
            ConvolutionShape s, float[] x, float[] dy, LateGradient late, float[] dw, Workers workers) {
        var panels = Panels.of(s.outChannels() / s.groups(), tiling);
        var window = InputWindow.forWeights(s, panels);
        int stretch = panels.outerTilesCover(window.tapLength()) ? OUTER_PIXELS : OUTER_PIXELS_ASIDE;
        new WeightGradient(s, window, panels, stretch, (pixels, part, scratch) -> {
                    addStretch(s, window, dy, pixels, part, scratch);
                })
                .addTo(dw, x, late, workers);
    }

    private void addStretch(
            ConvolutionShape s,
            InputWindow window,
            float[] dy,
            WeightGradient.Pixels pixels,
            WeightGradient.Part part,
            Scratch scratch) {
        int out = s.outChannels();
        int count = pixels.count();
        Panels panels = part.panels();
        Panel only = panels.get(part.from());
        boolean inPlace = only.isFull() && out == only.width();
        int first = pixels.first() * out;
        ReadAhead.read(dy, first, first + count * out, scratch);
        part.compute(pixels);
        float[] gradients = dy;
        int at = first;
        if (!inPlace) {
            gradients = scratch.get(GRADIENTS, count * panels.paddedColumns(part.from(), part.to()));
            at = 0;
            int firstOfGroup = first + part.firstChannel() - only.first();
            VectorTiles.gather(panels, part.from(), part.to(), dy, firstOfGroup, out, count, gradients);
        }
        OuterProduct product = outerProduct.get();
        int length = window.tapLength();
        if (window.isInPlace()) {
            int[] rows = pixels.rows();
            int last = pixels.from() + count - 1;
            ReadAhead.read(pixels.array(), rows[pixels.from()], rows[last] + length, scratch);
        }
        for (int p = part.from(); p < part.to(); p++) {
            Panel panel = panels.get(p);
            var ofPanel = new OuterProduct.Gradients(panel, gradients, at, panel.width());
            for (int tap = 0; tap < s.kernelHeight(); tap++) {
                var inputs = new OuterProduct.Inputs(
                        pixels.array(), pixels.rows(), pixels.from(), count, tap * window.tapStride(), length);
                product.add(inputs, ofPanel, part.of(panel, tap * length), scratch);
            }
            at += count * panel.width();
        }
    }
}
