package org.resnet4j.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Finds the orientation in EXIF data, which has the structure of a TIFF file (TIFF 6.0, section 2; EXIF 2.3, tag
 * 0x0112). Camera files carry all kinds of broken metadata, so anything that does not parse means
 * {@link Orientation#UPRIGHT}, as in Pillow.
 */
final class Exif {
    private static final int ORIENTATION_TAG = 0x0112;
    private static final int SHORT_TYPE = 3;
    private static final int ENTRY_BYTES = 12;

    private Exif() {}

    /** The orientation in the TIFF structure at {@code bytes[start..end)}. */
    static Orientation orientation(byte[] bytes, int start, int end) {
        boolean littleEndian = ImageFormat.startsWith(bytes, start, "II*\0");
        if (end - start < 8 || !(littleEndian || ImageFormat.startsWith(bytes, start, "MM\0*"))) {
            return Orientation.UPRIGHT;
        }
        ByteBuffer tiff = ByteBuffer.wrap(bytes, start, end - start).slice();
        tiff.order(littleEndian ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long directory = Integer.toUnsignedLong(tiff.getInt(4));
        if (directory + 2 > tiff.limit()) {
            return Orientation.UPRIGHT;
        }
        int entries = Short.toUnsignedInt(tiff.getShort((int) directory));
        int at = (int) directory + 2;
        for (int i = 0; i < entries && tiff.limit() - at >= ENTRY_BYTES; i++, at += ENTRY_BYTES) {
            if (tiff.getShort(at) == ORIENTATION_TAG && tiff.getShort(at + 2) == SHORT_TYPE) {
                return Orientation.ofExif(Short.toUnsignedInt(tiff.getShort(at + 8)));
            }
        }
        return Orientation.UPRIGHT;
    }
}
