package org.resnet4j.image.codec.webp;

import java.util.Arrays;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.codec.PixelLimit;

/** The header of a VP8 key frame (RFC 6386, section 9), up to the modes of the first macroblock. */
final class Vp8Header {
    private static final int FRAME_HEADER_BYTES = 10;
    private static final int HIGHEST_PROFILE = 3;
    private static final int SHOWN = 16;
    private static final int SEGMENTS = 4;

    /**
     * A lower bound on the bits of a macroblock's modes: a luma mode for the whole macroblock takes at least 2.5, modes
     * for each block more, a chroma mode 0.8. Checked before the pixels are allocated, because headers may claim any
     * size.
     */
    private static final int LEAST_MODE_BITS = 2;

    /** The number of bytes that the arithmetic decoder may read past the end. */
    private static final int SLACK_BYTES = 8;

    final int width;
    final int height;

    /** The first partition, positioned at the modes of the first macroblock. */
    final Vp8BoolReader modes;

    /** The partitions of coefficients; row {@code y} of macroblocks is in number {@code y % coefficients.length}. */
    final Vp8BoolReader[] coefficients;

    boolean segmentMap;
    final int[] segmentProbabilities = {255, 255, 255};
    boolean simpleFilter;
    int filterLevel;
    int sharpness;
    final int[] tokenProbabilities = Vp8Tables.TOKEN_PROBABILITIES.clone();

    /** True if macroblocks have a flag for missing coefficients, and the probability that they have coefficients. */
    boolean skips;

    int skipProbability;

    private boolean segmented;
    private boolean absoluteSegments;
    private final int[] segmentQuantizers = new int[SEGMENTS];
    private final int[] segmentFilters = new int[SEGMENTS];
    private final int[] referenceDeltas = new int[4];
    private final int[] modeDeltas = new int[4];
    private boolean filterDeltas;
    private int quantizer;
    private final int[] quantizerDeltas = new int[5];

    Vp8Header(byte[] bytes, int start, int end) throws MalformedImageException {
        if (end - start < FRAME_HEADER_BYTES) {
            throw MalformedImageException.truncated(ImageFormat.WEBP);
        }
        int tag = littleEndian(bytes, start, 3);
        if ((tag & 1) != 0 || littleEndian(bytes, start + 3, 3) != 0x2a019d) {
            throw new MalformedImageException("the WebP picture does not begin with a VP8 key frame");
        }
        if ((tag >> 1 & 7) > HIGHEST_PROFILE || (tag & SHOWN) == 0) {
            throw new MalformedImageException("the VP8 frame of the WebP picture is of an unknown kind, or hidden");
        }
        width = littleEndian(bytes, start + 6, 2) & 0x3fff;
        height = littleEndian(bytes, start + 8, 2) & 0x3fff;
        PixelLimit.checkSize(ImageFormat.WEBP, width, height);
        int modesStart = start + FRAME_HEADER_BYTES;
        int modesEnd = modesStart + (tag >> 5);
        if (modesEnd > end) {
            throw MalformedImageException.truncated(ImageFormat.WEBP);
        }
        long macroblocks = (width + 15L) / 16 * ((height + 15L) / 16);
        if (8L * (modesEnd - modesStart + SLACK_BYTES) < macroblocks * LEAST_MODE_BITS) {
            throw MalformedImageException.truncated(ImageFormat.WEBP);
        }
        modes = new Vp8BoolReader(bytes, modesStart, modesEnd);
        modes.literal(2); // color space, clamping: neither matters to a decoder of pictures
        readSegments();
        readFilter();
        coefficients = partitions(bytes, modesEnd, end, 1 << modes.literal(2));
        readQuantizers();
        modes.literal(1); // whether the next frame keeps the probabilities: there is none
        readTokenProbabilities();
        skips = modes.flag();
        skipProbability = skips ? modes.literal(8) : 0;
    }

    private void readSegments() {
        segmented = modes.flag();
        if (!segmented) {
            return;
        }
        segmentMap = modes.flag();
        if (modes.flag()) {
            absoluteSegments = modes.flag();
            Arrays.setAll(segmentQuantizers, i -> modes.optionalSigned(7));
            Arrays.setAll(segmentFilters, i -> modes.optionalSigned(6));
        }
        if (segmentMap) {
            Arrays.setAll(segmentProbabilities, i -> modes.flag() ? modes.literal(8) : 255);
        }
    }

    private void readFilter() {
        simpleFilter = modes.flag();
        filterLevel = modes.literal(6);
        sharpness = modes.literal(3);
        filterDeltas = modes.flag();
        if (filterDeltas && modes.flag()) {
            Arrays.setAll(referenceDeltas, i -> modes.optionalSigned(6));
            Arrays.setAll(modeDeltas, i -> modes.optionalSigned(6));
        }
    }

    private static Vp8BoolReader[] partitions(byte[] bytes, int sizesAt, int end, int count)
            throws MalformedImageException {
        int at = sizesAt + 3 * (count - 1);
        var readers = new Vp8BoolReader[count];
        for (int i = 0; i < count; i++) {
            int partitionEnd = i == count - 1 || at > end ? end : at + littleEndian(bytes, sizesAt + 3 * i, 3);
            if (at >= end || partitionEnd > end) {
                throw MalformedImageException.truncated(ImageFormat.WEBP);
            }
            readers[i] = new Vp8BoolReader(bytes, at, partitionEnd);
            at = partitionEnd;
        }
        return readers;
    }

    private void readQuantizers() {
        quantizer = modes.literal(7);
        Arrays.setAll(quantizerDeltas, i -> modes.optionalSigned(4));
    }

    private void readTokenProbabilities() {
        for (int i = 0; i < tokenProbabilities.length; i++) {
            if (modes.bit(Vp8Tables.TOKEN_UPDATE_PROBABILITIES[i]) == 1) {
                tokenProbabilities[i] = modes.literal(8);
            }
        }
    }

    /** Returns the steps of a segment's coefficients, first and others: luma, second-order luma, chroma (9.6, 14.1). */
    int[] steps(int segment) {
        int index = quantizer;
        if (segmented) {
            index = segmentQuantizers[segment] + (absoluteSegments ? 0 : quantizer);
        }
        return new int[] {
            dc(index + quantizerDeltas[0], 127),
            ac(index),
            2 * dc(index + quantizerDeltas[1], 127),
            Math.max(8, ac(index + quantizerDeltas[2]) * 155 / 100),
            dc(index + quantizerDeltas[3], 117),
            ac(index + quantizerDeltas[4])
        };
    }

    private static int dc(int index, int highest) {
        return Vp8Tables.DC_QUANTIZERS[Math.clamp(index, 0, highest)];
    }

    private static int ac(int index) {
        return Vp8Tables.AC_QUANTIZERS[Math.clamp(index, 0, 127)];
    }

    /** Returns the filter strength of a macroblock, 0 to 63 (9.3, 9.6). */
    int filterLevel(int segment, boolean inBlocks) {
        int level = filterLevel;
        if (segmented) {
            level = segmentFilters[segment] + (absoluteSegments ? 0 : filterLevel);
        }
        if (filterDeltas) {
            level += referenceDeltas[0] + (inBlocks ? modeDeltas[0] : 0);
        }
        return Math.clamp(level, 0, 63);
    }

    private static int littleEndian(byte[] bytes, int at, int count) {
        int number = 0;
        for (int i = 0; i < count; i++) {
            number |= (bytes[at + i] & 0xff) << 8 * i;
        }
        return number;
    }
}
