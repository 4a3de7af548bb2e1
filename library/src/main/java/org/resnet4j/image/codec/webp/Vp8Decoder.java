package org.resnet4j.image.codec.webp;

import java.util.Arrays;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.sample.PixelRows;
import org.resnet4j.image.sample.Region;

/**
 * A decoder of lossy WebP pictures: key frames of VP8 (RFC 6386). The TwelveMonkeys reader (3.14.0) is not used because
 * it decodes some files to other pictures (flat areas become black) and all with coarser colors.
 */
final class Vp8Decoder {
    private static final int MACROBLOCK = 16;

    /** The index of the nine flags "this block had coefficients" of a macroblock: luma, two of chroma, second order. */
    private static final int CHROMA_FLAGS = 4;

    private static final int SECOND_ORDER_FLAG = 8;
    private static final int FLAGS = 9;

    /** The kinds of blocks in the order of the token probabilities. */
    private static final int LUMA_WITHOUT_FIRST = 0;

    private static final int SECOND_ORDER = 1;
    private static final int CHROMA = 2;
    private static final int LUMA = 3;

    private static final int[][] LARGE_VALUE_BITS = {
        {173, 148, 140},
        {176, 155, 140, 135},
        {180, 157, 141, 134, 130},
        {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}
    };

    private final Vp8Header header;
    private final int columns;
    private final int rows;
    private final Vp8Plane luma;
    private final Vp8Plane[] chroma;
    private final int[][] segmentSteps = new int[4][];

    private final int[] modesAbove;
    private final int[] modesLeft = new int[4];
    private final boolean[] flagsAbove;
    private final boolean[] flagsLeft = new boolean[FLAGS];
    private final int[] blockModes = new int[16];

    /** Sixteen blocks of luma, four and four of chroma, and the second order; all zero between macroblocks. */
    private final int[] coefficients = new int[25 * 16];

    /** The filter strength of each macroblock, doubled, plus 1 if its inner edges are also filtered. */
    private final byte[] filters;

    private Vp8Decoder(Vp8Header header) {
        this.header = header;
        columns = (header.width + MACROBLOCK - 1) / MACROBLOCK;
        rows = (header.height + MACROBLOCK - 1) / MACROBLOCK;
        luma = new Vp8Plane(columns * 16, rows * 16);
        chroma = new Vp8Plane[] {new Vp8Plane(columns * 8, rows * 8), new Vp8Plane(columns * 8, rows * 8)};
        modesAbove = new int[columns * 4];
        flagsAbove = new boolean[columns * FLAGS];
        filters = new byte[columns * rows];
        Arrays.setAll(segmentSteps, header::steps);
    }

    /** Decodes the VP8 frame in {@code bytes[start..end)}. */
    static Vp8Decoder decode(byte[] bytes, int start, int end) throws MalformedImageException {
        var header = new Vp8Header(bytes, start, end);
        var decoder = new Vp8Decoder(header);
        decoder.reconstruct();
        if (header.filterLevel > 0) {
            decoder.filter();
        }
        return decoder;
    }

    /** Passes on a part of the decoded pixels. */
    void pass(Region region, PixelRows rows) {
        Vp8Plane[] planes = {luma, chroma[0], chroma[1]};
        Vp8Colors.toRgb(header.width, header.height, planes, region, rows);
    }

    private void reconstruct() throws MalformedImageException {
        for (int y = 0; y < rows; y++) {
            Arrays.fill(modesLeft, Vp8Prediction.DC);
            Arrays.fill(flagsLeft, false);
            Vp8BoolReader tokens = header.coefficients[y % header.coefficients.length];
            for (int x = 0; x < columns; x++) {
                macroblock(x, y, tokens);
            }
            if (header.modes.isOverrun() || tokens.isOverrun()) {
                throw MalformedImageException.truncated(ImageFormat.WEBP);
            }
        }
    }

    private void macroblock(int x, int y, Vp8BoolReader tokens) {
        Vp8BoolReader modes = header.modes;
        int segment = 0;
        if (header.segmentMap) {
            int[] p = header.segmentProbabilities;
            segment = modes.bit(p[0]) == 0 ? modes.bit(p[1]) : 2 + modes.bit(p[2]);
        }
        boolean skipped = header.skips && modes.bit(header.skipProbability) == 1;
        boolean inBlocks = modes.bit(145) == 0;
        int lumaMode = inBlocks ? readBlockModes(x) : readLumaMode(x);
        int chromaMode = readChromaMode();
        boolean any = false;
        if (skipped) {
            clearFlags(x, inBlocks);
        } else {
            any = readCoefficients(x, tokens, segmentSteps[segment], inBlocks);
        }
        predictLuma(x, y, inBlocks, lumaMode);
        for (int i = 0; i < 2; i++) {
            int at = chroma[i].at(x * 8, y * 8);
            Vp8Prediction.square(chroma[i], at, 8, chromaMode, y > 0, x > 0);
            for (int block = 0; block < 4; block++) {
                addResidual(chroma[i], at + (block >> 1) * 4 * chroma[i].stride + (block & 1) * 4, 16 + 4 * i + block);
            }
        }
        int level = header.filterLevel(segment, inBlocks);
        filters[y * columns + x] = (byte) (2 * level + (inBlocks || any ? 1 : 0));
    }

    private int readLumaMode(int x) {
        Vp8BoolReader modes = header.modes;
        int mode;
        if (modes.bit(156) == 1) {
            mode = modes.bit(128) == 1 ? Vp8Prediction.TRUE_MOTION : Vp8Prediction.HORIZONTAL;
        } else {
            mode = modes.bit(163) == 1 ? Vp8Prediction.VERTICAL : Vp8Prediction.DC;
        }
        Arrays.fill(modesAbove, 4 * x, 4 * x + 4, mode);
        Arrays.fill(modesLeft, mode);
        return mode;
    }

    /** Reads the modes of the sixteen luma blocks; the return value is not used. */
    private int readBlockModes(int x) {
        for (int block = 0; block < 16; block++) {
            int above = 4 * x + (block & 3);
            int left = block >> 2;
            int tree = (modesAbove[above] * Vp8Tables.MODES + modesLeft[left]) * Vp8Tables.MODE_NODES;
            int mode = readBlockMode(tree);
            modesAbove[above] = mode;
            modesLeft[left] = mode;
            blockModes[block] = mode;
        }
        return Vp8Prediction.DC;
    }

    private int readBlockMode(int tree) {
        if (!node(tree)) {
            return Vp8Prediction.DC;
        }
        if (!node(tree + 1)) {
            return Vp8Prediction.TRUE_MOTION;
        }
        if (!node(tree + 2)) {
            return Vp8Prediction.VERTICAL;
        }
        if (!node(tree + 3)) {
            if (!node(tree + 4)) {
                return Vp8Prediction.HORIZONTAL;
            }
            return node(tree + 5) ? Vp8Prediction.VERTICAL_RIGHT : Vp8Prediction.RIGHT_DOWN;
        }
        if (!node(tree + 6)) {
            return Vp8Prediction.LEFT_DOWN;
        }
        if (!node(tree + 7)) {
            return Vp8Prediction.VERTICAL_LEFT;
        }
        return node(tree + 8) ? Vp8Prediction.HORIZONTAL_UP : Vp8Prediction.HORIZONTAL_DOWN;
    }

    private boolean node(int at) {
        return header.modes.bit(Vp8Tables.MODE_PROBABILITIES[at]) == 1;
    }

    private int readChromaMode() {
        Vp8BoolReader modes = header.modes;
        if (modes.bit(142) == 0) {
            return Vp8Prediction.DC;
        }
        if (modes.bit(114) == 0) {
            return Vp8Prediction.VERTICAL;
        }
        return modes.bit(183) == 1 ? Vp8Prediction.TRUE_MOTION : Vp8Prediction.HORIZONTAL;
    }

    /**
     * Clears the flags of a macroblock without coefficients; the flag of the second order is unchanged if the
     * macroblock has none.
     */
    private void clearFlags(int x, boolean inBlocks) {
        int count = inBlocks ? SECOND_ORDER_FLAG : FLAGS;
        Arrays.fill(flagsAbove, x * FLAGS, x * FLAGS + count, false);
        Arrays.fill(flagsLeft, 0, count, false);
    }

    /** Reads the coefficients of a macroblock; returns true if any is not zero. */
    private boolean readCoefficients(int x, Vp8BoolReader tokens, int[] steps, boolean inBlocks) {
        boolean any = false;
        int above = x * FLAGS;
        int first = 0;
        if (!inBlocks) {
            readBlock(tokens, SECOND_ORDER, above + SECOND_ORDER_FLAG, SECOND_ORDER_FLAG, 0, steps, 2, 24);
            spreadSecondOrder();
            first = 1;
        }
        int kind = inBlocks ? LUMA : LUMA_WITHOUT_FIRST;
        for (int block = 0; block < 16; block++) {
            readBlock(tokens, kind, above + (block & 3), block >> 2, first, steps, 0, block);
        }
        for (int block = 16; block < 24; block++) {
            int plane = CHROMA_FLAGS + (block - 16 >> 2) * 2;
            readBlock(tokens, CHROMA, above + plane + (block & 1), plane + (block >> 1 & 1), 0, steps, 4, block);
        }
        for (int i = 0; i < 24 * 16 && !any; i++) {
            any = coefficients[i] != 0;
        }
        return any;
    }

    private void readBlock(
            Vp8BoolReader tokens, int kind, int above, int left, int first, int[] steps, int stepsAt, int block) {
        int context = (flagsAbove[above] ? 1 : 0) + (flagsLeft[left] ? 1 : 0);
        int end = readTokens(tokens, kind, context, first, steps[stepsAt], steps[stepsAt + 1], block * 16);
        flagsAbove[above] = end > first;
        flagsLeft[left] = end > first;
    }

    /** Reads the coefficients of a block (RFC 6386, section 13); returns the position after the last one. */
    private int readTokens(
            Vp8BoolReader tokens, int kind, int context, int first, int firstStep, int otherStep, int offset) {
        int[] p = header.tokenProbabilities;
        int node = tokenTree(kind, first, context);
        int i = first;
        while (i < 16) {
            if (tokens.bit(p[node]) == 0) {
                return i;
            }
            while (tokens.bit(p[node + 1]) == 0) {
                i++;
                if (i == 16) {
                    return 16;
                }
                node = tokenTree(kind, i, 0);
            }
            int value = tokens.bit(p[node + 2]) == 0 ? 1 : readLarge(tokens, p, node);
            int next = tokenTree(kind, i + 1, value == 1 ? 1 : 2);
            int signed = tokens.flag() ? -value : value;
            // Truncated to 16 bits as in libwebp, which matters only for damaged data.
            coefficients[offset + Vp8Tables.ZIGZAG[i]] = (short) (signed * (i == 0 ? firstStep : otherStep));
            node = next;
            i++;
        }
        return 16;
    }

    private static int tokenTree(int kind, int position, int context) {
        int band = kind * Vp8Tables.BANDS + Vp8Tables.BAND[position];
        return (band * Vp8Tables.CONTEXTS + context) * Vp8Tables.TOKEN_NODES;
    }

    /** Reads a value of at least 2. */
    private static int readLarge(Vp8BoolReader tokens, int[] p, int node) {
        if (tokens.bit(p[node + 3]) == 0) {
            return tokens.bit(p[node + 4]) == 0 ? 2 : 3 + tokens.bit(p[node + 5]);
        }
        if (tokens.bit(p[node + 6]) == 0) {
            if (tokens.bit(p[node + 7]) == 0) {
                return 5 + tokens.bit(159);
            }
            return 7 + 2 * tokens.bit(165) + tokens.bit(145);
        }
        int high = tokens.bit(p[node + 8]);
        int category = 2 * high + tokens.bit(p[node + 9 + high]);
        int extra = 0;
        for (int probability : LARGE_VALUE_BITS[category]) {
            extra = 2 * extra + tokens.bit(probability);
        }
        return extra + 3 + (8 << category);
    }

    /** Computes the first coefficients of the luma blocks from the second order by the Hadamard transform (14.3). */
    private void spreadSecondOrder() {
        int[] sums = new int[16];
        int from = 24 * 16;
        for (int i = 0; i < 4; i++) {
            int a = coefficients[from + i] + coefficients[from + 12 + i];
            int b = coefficients[from + 4 + i] + coefficients[from + 8 + i];
            int c = coefficients[from + 4 + i] - coefficients[from + 8 + i];
            int d = coefficients[from + i] - coefficients[from + 12 + i];
            sums[i] = a + b;
            sums[4 + i] = d + c;
            sums[8 + i] = a - b;
            sums[12 + i] = d - c;
        }
        for (int i = 0; i < 4; i++) {
            int first = sums[4 * i] + 3;
            int a = first + sums[4 * i + 3];
            int b = sums[4 * i + 1] + sums[4 * i + 2];
            int c = sums[4 * i + 1] - sums[4 * i + 2];
            int d = first - sums[4 * i + 3];
            coefficients[64 * i] = (short) (a + b >> 3);
            coefficients[64 * i + 16] = (short) (d + c >> 3);
            coefficients[64 * i + 32] = (short) (a - b >> 3);
            coefficients[64 * i + 48] = (short) (d - c >> 3);
        }
        Arrays.fill(coefficients, from, from + 16, 0);
    }

    private void predictLuma(int x, int y, boolean inBlocks, int mode) {
        int at = luma.at(x * 16, y * 16);
        int aboveRight = at - luma.stride + 16;
        if (!inBlocks) {
            Vp8Prediction.square(luma, at, 16, mode, y > 0, x > 0);
        } else if (y > 0 && x == columns - 1) {
            Arrays.fill(luma.samples, aboveRight, aboveRight + 4, luma.samples[aboveRight - 1]);
        }
        for (int block = 0; block < 16; block++) {
            int blockAt = at + (block >> 2) * 4 * luma.stride + (block & 3) * 4;
            if (inBlocks) {
                // All blocks at the right edge use the samples above the macroblock, because those beside it come
                // later.
                int blockAboveRight = (block & 3) == 3 ? aboveRight : blockAt - luma.stride + 4;
                Vp8Prediction.block(luma, blockAt, blockAboveRight, blockModes[block]);
            }
            addResidual(luma, blockAt, block);
        }
    }

    private void addResidual(Vp8Plane plane, int at, int block) {
        int offset = block * 16;
        for (int i = offset; i < offset + 16; i++) {
            if (coefficients[i] != 0) {
                plane.addResidual(at, coefficients, offset);
                return;
            }
        }
    }

    /** Filters the complete picture, because blocks are predicted from unfiltered samples. */
    private void filter() {
        var filter = new Vp8LoopFilter(header.sharpness);
        for (int i = 0; i < filters.length; i++) {
            int x = i % columns;
            int y = i / columns;
            int level = (filters[i] & 0xff) >> 1;
            var edges = new Vp8LoopFilter.Edges(x > 0, y > 0, (filters[i] & 1) != 0);
            if (level > 0 && header.simpleFilter) {
                filter.simple(luma, luma.at(x * 16, y * 16), level, edges);
            } else if (level > 0) {
                filter.normal(luma, luma.at(x * 16, y * 16), 16, level, edges);
                filter.normal(chroma[0], chroma[0].at(x * 8, y * 8), 8, level, edges);
                filter.normal(chroma[1], chroma[1].at(x * 8, y * 8), 8, level, edges);
            }
        }
    }
}
