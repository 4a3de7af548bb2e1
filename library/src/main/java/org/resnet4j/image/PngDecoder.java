package org.resnet4j.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * PNG: the critical chunks, checked, go to the JDK's reader; all others (color profiles, transparency, texts) stay
 * outside, except the orientation in eXIf (PNG specification, third edition, sections 5 and 11).
 */
final class PngDecoder {
    private static final int SIGNATURE_BYTES = 8;
    private static final int CHUNK_OVERHEAD = 12;
    private static final int HEADER = chunkType("IHDR");
    private static final int PALETTE = chunkType("PLTE");
    private static final int DATA = chunkType("IDAT");
    private static final int END = chunkType("IEND");
    private static final int EXIF = chunkType("eXIf");
    private static final int ANCILLARY_BIT = 0x20 << 24;

    private PngDecoder() {}

    static Image decode(byte[] bytes) throws IOException {
        ByteBuffer png = ByteBuffer.wrap(bytes);
        byte[] kept = new byte[bytes.length];
        System.arraycopy(bytes, 0, kept, 0, SIGNATURE_BYTES);
        int keptLength = SIGNATURE_BYTES;
        Orientation orientation = Orientation.UPRIGHT;
        for (int at = SIGNATURE_BYTES, type = 0; type != END; ) {
            if (bytes.length - at < CHUNK_OVERHEAD || png.getInt(at) > bytes.length - at - CHUNK_OVERHEAD) {
                throw MalformedImageException.truncated(ImageFormat.PNG);
            }
            int length = png.getInt(at);
            type = png.getInt(at + 4);
            if (length < 0 || at == SIGNATURE_BYTES && (type != HEADER || length != 13)) {
                throw new MalformedImageException("the PNG header is damaged");
            }
            if (type == EXIF) {
                orientation = Exif.orientation(bytes, at + 8, at + 8 + length);
            } else if ((type & ANCILLARY_BIT) == 0) {
                checkCritical(png, at, length, type);
                System.arraycopy(bytes, at, kept, keptLength, length + CHUNK_OVERHEAD);
                keptLength += length + CHUNK_OVERHEAD;
            }
            if (type == HEADER) {
                PixelLimit.check(
                        ImageFormat.PNG,
                        Integer.toUnsignedLong(png.getInt(at + 8)),
                        Integer.toUnsignedLong(png.getInt(at + 12)));
            }
            at += length + CHUNK_OVERHEAD;
        }
        return orientation.upright(PluginDecoder.decode(ImageFormat.PNG, kept, keptLength));
    }

    private static void checkCritical(ByteBuffer png, int at, int length, int type) throws MalformedImageException {
        if (type != HEADER && type != PALETTE && type != DATA && type != END) {
            throw new MalformedImageException("the PNG chunk at byte " + at + " is of an unknown critical type");
        }
        var crc = new CRC32();
        crc.update(png.slice(at + 4, length + 4));
        if ((int) crc.getValue() != png.getInt(at + 8 + length)) {
            throw new MalformedImageException("the PNG chunk at byte " + at + " is damaged (its checksum is wrong)");
        }
    }

    private static int chunkType(String name) {
        int type = 0;
        for (int i = 0; i < name.length(); i++) {
            type = type << 8 | name.charAt(i);
        }
        return type;
    }
}
