package org.resnet4j.image.codec.png;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.resnet4j.image.Image;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.codec.Metadata;
import org.resnet4j.image.codec.PixelLimit;
import org.resnet4j.image.codec.jdk.PluginDecoder;

/**
 * A decoder of PNG. The critical chunks are checked and passed to the JDK's reader. All others (color profiles,
 * transparency, texts) are left out, except the orientation in eXIf or in a text (PNG specification, third edition,
 * sections 5 and 11). The checksums of other chunks are verified up to the pixels, as in Pillow.
 */
public final class PngDecoder {
    private static final int SIGNATURE_BYTES = 8;
    private static final int CHUNK_OVERHEAD = 12;
    private static final int HEADER = chunkType("IHDR");
    private static final int PALETTE = chunkType("PLTE");
    private static final int DATA = chunkType("IDAT");
    private static final int END = chunkType("IEND");
    private static final int EXIF = chunkType("eXIf");
    private static final int TEXT = chunkType("tEXt");
    private static final int COMPRESSED_TEXT = chunkType("zTXt");
    private static final int INTERNATIONAL_TEXT = chunkType("iTXt");

    /** The maximum number of bytes that a byte of deflated data can represent. */
    private static final int MAX_DEFLATION = 1032;

    private static final int ANCILLARY_BIT = 0x20 << 24;

    private PngDecoder() {}

    public static Image decode(byte[] bytes) throws IOException {
        ByteBuffer png = ByteBuffer.wrap(bytes);
        byte[] kept = new byte[bytes.length];
        System.arraycopy(bytes, 0, kept, 0, SIGNATURE_BYTES);
        int keptLength = SIGNATURE_BYTES;
        var metadata = new Metadata();
        var texts = new PngTexts(bytes, metadata);
        long dataBytes = 0;
        for (int at = SIGNATURE_BYTES, type = 0; type != END; ) {
            if (bytes.length - at < CHUNK_OVERHEAD || png.getInt(at) > bytes.length - at - CHUNK_OVERHEAD) {
                throw MalformedImageException.truncated(ImageFormat.PNG);
            }
            int length = png.getInt(at);
            type = png.getInt(at + 4);
            if (length < 0 || at == SIGNATURE_BYTES && (type != HEADER || length != 13)) {
                throw new MalformedImageException("the PNG header is damaged");
            }
            boolean critical = (type & ANCILLARY_BIT) == 0;
            if (critical || dataBytes == 0) {
                checkSum(png, at, length);
            }
            if (critical) {
                checkKnown(type, at);
                System.arraycopy(bytes, at, kept, keptLength, length + CHUNK_OVERHEAD);
                keptLength += length + CHUNK_OVERHEAD;
            } else {
                readMetadata(bytes, type, at + 8, at + 8 + length, metadata, texts);
            }
            if (type == HEADER) {
                PixelLimit.check(
                        ImageFormat.PNG,
                        Integer.toUnsignedLong(png.getInt(at + 8)),
                        Integer.toUnsignedLong(png.getInt(at + 12)));
            }
            if (type == DATA) {
                dataBytes += length + CHUNK_OVERHEAD;
            }
            at += length + CHUNK_OVERHEAD;
        }
        checkDataBytes(png, dataBytes);
        return metadata.orientation().upright(PluginDecoder.decode(ImageFormat.PNG, kept, keptLength));
    }

    private static void readMetadata(byte[] bytes, int type, int start, int end, Metadata metadata, PngTexts texts)
            throws MalformedImageException {
        if (type == EXIF) {
            metadata.readExif(bytes, start, end);
        } else if (type == TEXT) {
            texts.readPlain(start, end);
        } else if (type == COMPRESSED_TEXT) {
            texts.readCompressed(start, end);
        } else if (type == INTERNATIONAL_TEXT) {
            texts.readInternational(start, end);
        }
    }

    /** Rejects data that is too short for the pixels, before they are allocated. */
    private static void checkDataBytes(ByteBuffer png, long dataBytes) throws MalformedImageException {
        long bits = png.get(24);
        long channels = switch (png.get(25)) {
            case 2 -> 3;
            case 4 -> 2;
            case 6 -> 4;
            default -> 1;
        };
        long rowBytes = 1 + (png.getInt(16) * bits * channels + 7) / 8;
        if (rowBytes * png.getInt(20) > MAX_DEFLATION * dataBytes) {
            throw MalformedImageException.truncated(ImageFormat.PNG);
        }
    }

    private static void checkKnown(int type, int at) throws MalformedImageException {
        if (type != HEADER && type != PALETTE && type != DATA && type != END) {
            throw new MalformedImageException("the PNG chunk at byte " + at + " is of an unknown critical type");
        }
    }

    private static void checkSum(ByteBuffer png, int at, int length) throws MalformedImageException {
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
