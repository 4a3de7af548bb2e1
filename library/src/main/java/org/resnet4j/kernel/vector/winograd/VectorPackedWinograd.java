package org.resnet4j.kernel.vector.winograd;

import org.resnet4j.kernel.Accumulation;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PackedConvolution;
import org.resnet4j.kernel.product.DirectConvolution;
import org.resnet4j.kernel.product.Epilogue;
import org.resnet4j.kernel.product.Panels;
import org.resnet4j.kernel.product.Tiling;
import org.resnet4j.kernel.vector.product.VectorTiles;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/**
 * The 3x3 convolution of stride 1 or 2 by Winograd's minimal filtering, with weights that are transformed and packed
 * once.
 *
 * <p>The tiles of all images are numbered and divided into blocks. A block transforms its tiles, multiplies each
 * position by its matrix of weights, and transforms back with bias, shortcut and ReLU. A block is small enough that its
 * transformed tiles stay in the second-level cache, and large enough to amortize reading the weights again. If there
 * are few blocks and many channels, pieces share a block and take some of its output channels each.
 */
public final class VectorPackedWinograd implements PackedConvolution {
    private static final int LANES = VectorTiles.LANES;

    /** The transformed tiles of a piece. */
    private static final Scratch.Floats TRANSFORMED = new Scratch.Floats();

    /** The packed weights of a piece. */
    private static final Scratch.Floats PACKED = new Scratch.Floats();

    /** The transformed tiles of all pieces, shared. */
    private static final Scratch.Floats ALL_TRANSFORMED = new Scratch.Floats();

    /** Tiles of a block if all tiles are transformed first. */
    private static final int MOST_TILES = 64;

    /** Transformed input and products of a block: 768 KB. */
    private static final int BLOCK_FLOATS = 192 * 1024;

    /** The minimum number of tiles of a block, because weights are read again for each block. */
    private static final int FEWEST_TILES = 24;

    /** The minimum if threads would otherwise be idle and the channels, and so the weights, are few. */
    private static final int FEWEST_TILES_ALONE = 8;

    private final WinogradLayer layer;
    private final Panels panels;
    private final float[] weights;
    private final float[] bias;
    private final Activation activation;

    /** Packs the weights into a new array. */
    public VectorPackedWinograd(
            WinogradTransform transform,
            int in,
            int out,
            float[] w,
            float[] bias,
            Activation activation,
            Tiling tiling) {
        this(
                transform,
                in,
                out,
                Panels.of(out, tiling),
                new float[packedSize(transform, in, Panels.of(out, tiling))],
                bias.clone(),
                activation);
        var scratch = new Scratch();
        for (int channel = 0; channel < in; channel++) {
            pack(channel, w, scratch);
        }
    }

    /**
     * Creates a convolution whose weights are packed later.
     *
     * @param weights {@link #packedSize} floats that {@link #pack} fills
     * @param bias {@code [out]}
     */
    public VectorPackedWinograd(
            WinogradTransform transform,
            int in,
            int out,
            Panels panels,
            float[] weights,
            float[] bias,
            Activation activation) {
        this.layer = new WinogradLayer(transform, in, out, panels);
        this.panels = panels;
        this.weights = weights;
        this.bias = bias;
        this.activation = activation;
    }

    /** Returns the number of floats of the packed weights. */
    public static int packedSize(WinogradTransform transform, int in, Panels panels) {
        int distinct = transform.weightMatrix().length;
        return Math.multiplyExact(distinct * distinct, panels.packedSize(in));
    }

    /** Returns true if a convolution can be computed this way. */
    public static boolean suits(ConvolutionShape s) {
        return s.kernelHeight() == 3
                && s.kernelWidth() == 3
                && s.stride() <= 2
                && s.padding() == 1
                && s.groups() == 1
                && s.inChannels() % LANES == 0
                && s.outChannels() % LANES == 0;
    }

    @Override
    public String algorithm() {
        return layer.transform().algorithm();
    }

    @Override
    public long bytes() {
        return (long) Float.BYTES * (weights.length + bias.length);
    }

    /** Transforms the weights of one input channel, for all output channels. */
    public void pack(int channel, float[] w, Scratch scratch) {
        var matrices = WinogradMatrices.of(layer, weights);
        for (int p = 0; p < panels.count(); p++) {
            matrices.pack(layer, channel, panels.get(p), w, scratch);
        }
    }

    private Epilogue ending(Accumulation accumulation) {
        return new Epilogue(accumulation.adds(), bias, 0, activation.isRelu());
    }

    /**
     * Computes with weights that are used only once and are too large for a cache. All tiles are transformed first;
     * then a piece packs one panel of weights after another into its own memory and multiplies all tiles by it. The
     * bits are those of {@link #run}.
     *
     * @param w {@code [3, 3, in, out]}
     */
    public void runOnce(
            ConvolutionShape s, float[] w, float[] x, float[] y, Accumulation accumulation, Workers workers) {
        var grid = WinogradTiles.of(s, layer.transform());
        int tiles = grid.count();
        int in = layer.in();
        int place = tiles * WinogradLayer.pitch(in) + 16;
        float[] transformed = workers.shared().get(ALL_TRANSFORMED, Math.multiplyExact(layer.places(), place));
        workers.run(Math.ceilDiv(tiles, FEWEST_TILES), (piece, scratch) -> {
            int fromTile = piece * FEWEST_TILES;
            int toTile = Math.min(tiles, fromTile + FEWEST_TILES);
            new WinogradBlock(layer, grid, fromTile, toTile, scratch)
                    .transform(x, new WinogradBlock.Transformed(transformed, fromTile, place));
        });
        int blocks = Math.ceilDiv(tiles, MOST_TILES);
        Epilogue ending = ending(accumulation);
        workers.run(panels.count(), (p, scratch) -> {
            Panels.Panel panel = panels.get(p);
            float[] packed = scratch.get(PACKED, layer.matrices() * in * panel.width());
            var matrices = WinogradMatrices.ofPanel(layer, panel, packed);
            for (int channel = 0; channel < in; channel++) {
                matrices.pack(layer, channel, panel, w, scratch);
            }
            for (int block = 0; block < blocks; block++) {
                int fromTile = (int) ((long) block * tiles / blocks);
                int toTile = (int) ((long) (block + 1) * tiles / blocks);
                var ofBlock = new WinogradBlock.Transformed(transformed, fromTile, place);
                new WinogradBlock(layer, grid, fromTile, toTile, scratch)
                        .multiply(ofBlock, matrices, p, p + 1, y, ending);
            }
        });
    }

    @Override
    public void run(ConvolutionShape s, float[] x, float[] y, Accumulation accumulation, Workers workers) {
        var grid = WinogradTiles.of(s, layer.transform());
        int tiles = grid.count();
        int places = layer.places();
        int most = Math.max(FEWEST_TILES, BLOCK_FLOATS / places / (layer.in() + layer.out()));
        int blocks = Math.ceilDiv(tiles, most);
        if (blocks % 2 == 1 && tiles >= 2 * FEWEST_TILES) {
            blocks++;
        }
        if (blocks * panels.count() < workers.threads()) {
            blocks = Math.min(workers.threads(), Math.ceilDiv(tiles, FEWEST_TILES_ALONE));
        }
        int count = blocks;
        int shares = DirectConvolution.shares(count, panels.count(), workers);
        var matrices = WinogradMatrices.of(layer, weights);
        Epilogue ending = ending(accumulation);
        workers.run(count * shares, (piece, scratch) -> {
            int share = piece / count;
            int fromTile = (int) ((long) (piece % count) * tiles / count);
            int toTile = (int) ((long) (piece % count + 1) * tiles / count);
            int place = panels.roundUp(toTile - fromTile) * WinogradLayer.pitch(layer.in()) + 16;
            var transformed = new WinogradBlock.Transformed(scratch.get(TRANSFORMED, places * place), 0, place);
            var block = new WinogradBlock(layer, grid, fromTile, toTile, scratch);
            block.transform(x, transformed);
            int fromPanel = share * panels.count() / shares;
            int toPanel = (share + 1) * panels.count() / shares;
            block.multiply(transformed, matrices, fromPanel, toPanel, y, ending);
        });
    }
}
