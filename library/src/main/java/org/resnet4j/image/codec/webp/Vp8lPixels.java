package org.resnet4j.image.codec.webp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.resnet4j.image.codec.MalformedImageException;

/**
 * A reader of an entropy-coded picture in a lossless WebP stream (RFC 9649, sections 3.6 and 3.7): literal pixels,
 * copies of earlier ones, and pixels from a cache of recent colors. Pixels are integers: alpha, red, green, blue from
 * the highest byte down.
 */
final class Vp8lPixels {
    private static final int MAX_CACHE_BITS = 11;
    private static final int CACHE_MULTIPLIER = 0x1e35a7bd;

    /** The initial capacity in pixels, so that a small file with a large claimed size uses little memory. */
    private static final int FIRST_CAPACITY = 1 << 20;

    /** The limit on symbols of all prefix codes; four times the maximum that libwebp's encoder writes. */
    private static final int MAX_SYMBOLS = 1 << 24;

    private final Vp8lBits bits;
    private final int width;
    private final int height;
    private final int cacheBits;
    private final int[] cache;

    /** The group of codes of each square of {@code 1 << groupBits} pixels; null if there is only one group. */
    private int @Nullable [] groupOf;

    private int groupBits;
    private int groupColumns;
    private final Vp8lPrefixCodes[] groups;
    private int[] pixels;
    private int count;

    private Vp8lPixels(Vp8lBits bits, int width, int height, boolean main) throws MalformedImageException {
        this.bits = bits;
        this.width = width;
        this.height = height;
        cacheBits = bits.flag() ? bits.read(4) : 0;
        if (cacheBits > MAX_CACHE_BITS) {
            throw new MalformedImageException("the WebP data is damaged (its color cache is too large)");
        }
        cache = new int[cacheBits > 0 ? 1 << cacheBits : 0];
        groups = main && bits.flag() ? readGroups() : new Vp8lPrefixCodes[] {Vp8lPrefixCodes.read(bits, cache.length)};
        pixels = new int[Math.min(Math.multiplyExact(width, height), FIRST_CAPACITY)];
    }

    /**
     * Reads {@code width * height} pixels.
     *
     * @param main true for the picture itself, which may have several groups of codes; false for auxiliary data
     */
    static int[] read(Vp8lBits bits, int width, int height, boolean main) throws MalformedImageException {
        return new Vp8lPixels(bits, width, height, main).read();
    }

    private Vp8lPrefixCodes[] readGroups() throws MalformedImageException {
        groupBits = 2 + bits.read(3);
        groupColumns = Vp8lTransform.squares(width, groupBits);
        groupOf = Vp8lPixels.read(bits, groupColumns, Vp8lTransform.squares(height, groupBits), false);
        int highest = 0;
        for (int i = 0; i < groupOf.length; i++) {
            groupOf[i] = groupOf[i] >> 8 & 0xffff;
            highest = Math.max(highest, groupOf[i]);
        }
        boolean[] used = new boolean[highest + 1];
        for (int group : groupOf) {
            used[group] = true;
        }
        var read = new Vp8lPrefixCodes[highest + 1];
        int symbols = 0;
        for (int i = 0; i <= highest; i++) {
            Vp8lPrefixCodes codes = Vp8lPrefixCodes.read(bits, cache.length);
            if (used[i]) {
                read[i] = codes;
                symbols += codes.symbolCount();
            }
            if (symbols > MAX_SYMBOLS) {
                throw new MalformedImageException(
                        "the prefix codes of the WebP data have more than the limit of " + MAX_SYMBOLS + " symbols");
            }
        }
        return read;
    }

    private int[] read() throws MalformedImageException {
        int total = width * height;
        while (count < total) {
            Vp8lPrefixCodes codes = groups[groupAt(count)];
            int symbol = bits.symbol(codes.green());
            if (symbol < Vp8lPrefixCodes.LITERALS) {
                literal(codes, symbol);
            } else if (symbol < Vp8lPrefixCodes.LITERALS + Vp8lPrefixCodes.LENGTHS) {
                copy(codes, symbol - Vp8lPrefixCodes.LITERALS);
            } else {
                append(cache[symbol - Vp8lPrefixCodes.LITERALS - Vp8lPrefixCodes.LENGTHS]);
            }
        }
        bits.checkEnd();
        return pixels;
    }

    private int groupAt(int place) {
        if (groupOf == null) {
            return 0;
        }
        int y = place / width;
        return groupOf[(y >> groupBits) * groupColumns + (place - y * width >> groupBits)];
    }

    private void literal(Vp8lPrefixCodes codes, int green) throws MalformedImageException {
        int red = bits.symbol(codes.red());
        int blue = bits.symbol(codes.blue());
        int alpha = bits.symbol(codes.alpha());
        append(alpha << 24 | red << 16 | green << 8 | blue);
    }

    private void copy(Vp8lPrefixCodes codes, int lengthSymbol) throws MalformedImageException {
        int length = readCount(lengthSymbol);
        int distance = Vp8lDistances.ofCode(readCount(bits.symbol(codes.distance())), width);
        if (distance > count || length > width * height - count) {
            throw new MalformedImageException("the WebP data is damaged (a copy reaches beyond the picture)");
        }
        for (int i = 0; i < length; i++) {
            append(pixels[count - distance]);
        }
    }

    /** Reads a length, or the code of a distance: a symbol gives its magnitude, and extra bits the rest. */
    private int readCount(int symbol) throws MalformedImageException {
        if (symbol < 4) {
            return symbol + 1;
        }
        int extra = symbol - 2 >> 1;
        return (2 + (symbol & 1) << extra) + bits.read(extra) + 1;
    }

    private void append(int pixel) {
        if (count == pixels.length) {
            grow();
        }
        pixels[count++] = pixel;
        if (cacheBits > 0) {
            cache[pixel * CACHE_MULTIPLIER >>> 32 - cacheBits] = pixel;
        }
    }

    /** Grows the capacity to four times as many pixels, or to all if these are not many more. */
    private void grow() {
        int total = width * height;
        pixels = Arrays.copyOf(pixels, 8L * count > total ? total : 4 * count);
    }
}
