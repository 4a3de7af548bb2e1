package org.resnet4j.image.codec.png;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.codec.Metadata;

/**
 * The orientation in texts of a PNG file (PNG specification, third edition, section 11.3.3): in an XMP packet, or in
 * EXIF data that ImageMagick writes as hexadecimal digits. Only these texts are decompressed, within Pillow's limits of
 * 1 MiB each and 64 MiB in total.
 */
final class PngTexts {
    private static final String XMP = "XML:com.adobe.xmp";
    private static final String EXIF = "Raw profile type exif";
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_BYTES_OF_ALL = 1 << 26;

    private final byte[] bytes;
    private final Metadata metadata;
    private int left = MAX_BYTES_OF_ALL;

    PngTexts(byte[] bytes, Metadata metadata) {
        this.bytes = bytes;
        this.metadata = metadata;
    }

    /** Reads the content of a tEXt chunk. */
    void readPlain(int start, int end) {
        int value = valueAt(start, end);
        if (value > 0) {
            take(start, Arrays.copyOfRange(bytes, value, end));
        }
    }

    /** Reads the content of a zTXt chunk: the key is followed by the compression method. */
    void readCompressed(int start, int end) throws MalformedImageException {
        int value = valueAt(start, end);
        if (value > 0 && value < end && bytes[value] == 0) {
            take(start, inflated(value + 1, end));
        }
    }

    /** Reads the content of an iTXt chunk: the key is followed by compression, language and a translated key. */
    void readInternational(int start, int end) throws MalformedImageException {
        int at = valueAt(start, end);
        if (at <= 0 || end - at < 2) {
            return;
        }
        boolean compressed = bytes[at] != 0;
        boolean known = bytes[at + 1] == 0;
        int value = behindZero(behindZero(at + 2, end), end);
        if (value <= end && (!compressed || known)) {
            take(start, compressed ? inflated(value, end) : Arrays.copyOfRange(bytes, value, end));
        }
    }

    /** Returns the position after the key; 0 if the key does not concern the orientation. */
    private int valueAt(int start, int end) {
        for (String key : new String[] {XMP, EXIF}) {
            if (end - start > key.length() && ImageFormat.startsWith(bytes, start, key + "\0")) {
                return start + key.length() + 1;
            }
        }
        return 0;
    }

    /** Returns the position after the next zero; {@code end} + 1 if there is none. */
    private int behindZero(int from, int end) {
        int at = from;
        while (at < end && bytes[at] != 0) {
            at++;
        }
        return at + 1;
    }

    private void take(int keyAt, byte @Nullable [] value) {
        if (value == null) {
            return;
        }
        if (ImageFormat.startsWith(bytes, keyAt, XMP)) {
            metadata.readXmp(value, 0, value.length);
        } else if (!metadata.hasExif()) {
            byte[] exif = fromHexadecimal(value);
            metadata.readExif(exif, 0, exif.length);
        }
    }

    /** Decodes the digits that follow three lines: an empty one, the profile's name, and its length. */
    private static byte[] fromHexadecimal(byte[] text) {
        String[] parts = new String(text, StandardCharsets.ISO_8859_1).split("\n", 4);
        String digits = parts.length < 4 ? "" : parts[3].replaceAll("\\s", "");
        boolean sound = digits.length() % 2 == 0 && digits.chars().allMatch(HexFormat::isHexDigit);
        return sound ? HexFormat.of().parseHex(digits) : new byte[0];
    }

    /** Decompresses a text; returns null if it is damaged, which does not affect the pixels. */
    private byte @Nullable [] inflated(int from, int end) throws MalformedImageException {
        var text = new ByteArrayOutputStream();
        byte[] piece = new byte[4096];
        try (var inflater = new Inflater()) {
            inflater.setInput(bytes, from, end - from);
            int count;
            do {
                count = inflater.inflate(piece);
                text.write(piece, 0, count);
                left -= count;
                if (text.size() > MAX_BYTES || left < 0) {
                    throw new MalformedImageException("the texts in the PNG file are longer than the limit of "
                            + MAX_BYTES + " bytes each, " + MAX_BYTES_OF_ALL + " together");
                }
            } while (count > 0);
            return text.toByteArray();
        } catch (DataFormatException e) {
            return null;
        }
    }
}
