package org.resnet4j.image.codec.bmp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.resnet4j.image.codec.ColorTable;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.codec.PixelLimit;

/**
 * The headers of a BMP file before the pixels: those of OS/2 1 (12 bytes) and 2 (64), and of Windows (40, 52, 56, 108
 * and 124 bytes). The sizes of the file and of its data are ignored, because many files leave them 0.
 *
 * @param bits the bits per pixel
 * @param topDown true if the first row is the top one
 * @param masks the bits of red, green and blue in a pixel of 16, 24 or 32 bits
 * @param colors the palette of pixels of up to 8 bits
 * @param pixelsAt the offset of the pixels
 */
record BmpHeader(
        int width,
        int height,
        int bits,
        int compression,
        boolean topDown,
        int[] masks,
        ColorTable colors,
        int pixelsAt) {
    static final int RAW = 0;
    static final int RUN_LENGTHS_8 = 1;
    static final int RUN_LENGTHS_4 = 2;
    static final int MASKS = 3;

    static BmpHeader parse(byte[] bytes) throws MalformedImageException {
        return new Parser(bytes).parse();
    }

    private static final class Parser {
        private static final int HEADER_AT = 14;
        private static final int OS2_HEADER_BYTES = 12;
        private static final int INFO_HEADER_BYTES = 40;
        private static final int MASKS_AT = HEADER_AT + INFO_HEADER_BYTES;
        private static final int MASKS_BYTES = 12;

        private final byte[] bytes;
        private final ByteBuffer buffer;
        private final int headerBytes;
        private int at;

        Parser(byte[] bytes) throws MalformedImageException {
            if (bytes.length < HEADER_AT + OS2_HEADER_BYTES) {
                throw MalformedImageException.truncated(ImageFormat.BMP);
            }
            this.bytes = bytes;
            buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            headerBytes = buffer.getInt(HEADER_AT);
            switch (headerBytes) {
                case OS2_HEADER_BYTES, INFO_HEADER_BYTES, 52, 56, 64, 108, 124 -> {
                    at = HEADER_AT + headerBytes;
                    require(at);
                }
                default ->
                    throw new MalformedImageException(
                            "a BMP header of " + Integer.toUnsignedString(headerBytes) + " bytes is not supported");
            }
        }

        private void require(long end) throws MalformedImageException {
            if (end > bytes.length) {
                throw MalformedImageException.truncated(ImageFormat.BMP);
            }
        }

        BmpHeader parse() throws MalformedImageException {
            boolean os2 = headerBytes == OS2_HEADER_BYTES;
            long width = os2 ? unsignedShort(HEADER_AT + 4) : unsignedInt(HEADER_AT + 4);
            long height = os2 ? unsignedShort(HEADER_AT + 6) : unsignedInt(HEADER_AT + 8);
            int bits = unsignedShort(HEADER_AT + (os2 ? 10 : 14));
            int compression = os2 ? RAW : buffer.getInt(HEADER_AT + 16);
            long colorCount = os2 ? 0 : unsignedInt(HEADER_AT + 32);
            // A negative height means rows from the top.
            boolean topDown = !os2 && bytes[HEADER_AT + 11] == (byte) 0xff;
            height = topDown ? (1L << 32) - height : height;
            PixelLimit.check(ImageFormat.BMP, width, height);
            checkKind(bits, compression);
            int[] masks = masks(bits, compression);
            long claimedAt = unsignedInt(10);
            ColorTable colors = ColorTable.of(new byte[0]);
            if (bits <= 8) {
                long count = colorCount == 0 ? 1L << bits : colorCount;
                colors = readColors(count, os2 ? 3 : 4);
            }
            boolean believed = claimedAt != 0 && (bits > 8 || claimedAt != HEADER_AT + headerBytes);
            long pixelsAt = believed ? claimedAt : at;
            require(pixelsAt);
            return new BmpHeader((int) width, (int) height, bits, compression, topDown, masks, colors, (int) pixelsAt);
        }

        private static void checkKind(int bits, int compression) throws MalformedImageException {
            boolean known = switch (compression) {
                case RAW -> bits == 1 || bits == 4 || bits == 8 || bits == 16 || bits == 24 || bits == 32;
                case RUN_LENGTHS_8 -> bits == 8;
                case RUN_LENGTHS_4 -> bits == 4;
                case MASKS -> bits == 16 || bits == 24 || bits == 32;
                default -> false;
            };
            if (!known) {
                throw new MalformedImageException("a BMP of " + bits + " bits per pixel, compressed by method "
                        + Integer.toUnsignedString(compression) + ", is not supported");
            }
        }

        private int[] masks(int bits, int compression) throws MalformedImageException {
            int[] usual = bits == 16 ? new int[] {0x7c00, 0x3e0, 0x1f} : new int[] {0xff0000, 0xff00, 0xff};
            if (compression != MASKS) {
                return usual;
            }
            require(MASKS_AT + MASKS_BYTES);
            at = Math.max(at, MASKS_AT + MASKS_BYTES);
            int[] masks = new int[3];
            for (int c = 0; c < 3; c++) {
                masks[c] = buffer.getInt(MASKS_AT + 4 * c);
            }
            if (bits == 32 && masks[0] == 0 && masks[1] == 0 && masks[2] == 0) {
                return usual;
            }
            for (int mask : masks) {
                int ones = mask == 0 ? 0 : mask >>> Integer.numberOfTrailingZeros(mask);
                if (ones == 0 || (ones & ones + 1) != 0) {
                    throw new MalformedImageException(
                            "the BMP color mask 0x" + Integer.toHexString(mask) + " is not supported");
                }
            }
            return masks;
        }

        /** Reads the palette, which is stored as blue, green, red. */
        private ColorTable readColors(long count, int colorBytes) throws MalformedImageException {
            if (count > 256) {
                throw new MalformedImageException("the BMP header claims " + count + " colors, more than 256");
            }
            require(at + count * colorBytes);
            byte[] rgb = new byte[3 * (int) count];
            for (int i = 0; i < rgb.length; i += 3, at += colorBytes) {
                rgb[i] = bytes[at + 2];
                rgb[i + 1] = bytes[at + 1];
                rgb[i + 2] = bytes[at];
            }
            return ColorTable.of(rgb);
        }

        private int unsignedShort(int index) {
            return Short.toUnsignedInt(buffer.getShort(index));
        }

        private long unsignedInt(int index) {
            return Integer.toUnsignedLong(buffer.getInt(index));
        }
    }
}
