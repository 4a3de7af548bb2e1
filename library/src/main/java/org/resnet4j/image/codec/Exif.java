package org.resnet4j.image.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.resnet4j.image.Orientation;

/**
 * The orientation in EXIF data, which has the structure of a TIFF file (TIFF 6.0, section 2; EXIF 2.3, tag 0x0112).
 * Camera files often contain broken metadata, so malformed data is treated as data without an orientation.
 */
final class Exif {
    private static final int ORIENTATION_TAG = 0x0112;
    private static final int SHORT_TYPE = 3;
    private static final int LONG_TYPE = 4;
    private static final int ENTRY_BYTES = 12;

    private Exif() {}

    /** Returns the orientation in the TIFF structure at {@code bytes[start..end)}; upright if it has none. */
    static Orientation orientation(byte[] bytes, int start, int end) {
        Orientation found = find(bytes, start, end);
        return found == null ? Orientation.UPRIGHT : found;
    }

    /** Returns the orientation in the TIFF structure at {@code bytes[start..end)}; null if it has none. */
    static @Nullable Orientation find(byte[] bytes, int start, int end) {
        if (end - start < 8) {
            return null;
        }
        boolean littleEndian = ImageFormat.startsWith(bytes, start, "II*\0");
        if (!littleEndian && !ImageFormat.startsWith(bytes, start, "MM\0*")) {
            return null;
        }
        ByteBuffer tiff = ByteBuffer.wrap(bytes, start, end - start).slice();
        tiff.order(littleEndian ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long directory = Integer.toUnsignedLong(tiff.getInt(4));
        if (directory + 2 > tiff.limit()) {
            return null;
        }
        int entries = Short.toUnsignedInt(tiff.getShort((int) directory));
        int at = (int) directory + 2;
        for (int i = 0; i < entries && tiff.limit() - at >= ENTRY_BYTES; i++, at += ENTRY_BYTES) {
            if (tiff.getShort(at) == ORIENTATION_TAG) {
                return value(tiff, at);
            }
        }
        return null;
    }

    /** Returns the value of an entry; upright if it is not a single number. */
    private static Orientation value(ByteBuffer tiff, int entry) {
        if (tiff.getInt(entry + 4) != 1) {
            return Orientation.UPRIGHT;
        }
        return switch (tiff.getShort(entry + 2)) {
            case SHORT_TYPE -> Orientation.ofExif(Short.toUnsignedInt(tiff.getShort(entry + 8)));
            case LONG_TYPE -> Orientation.ofExif(tiff.getInt(entry + 8));
            default -> Orientation.UPRIGHT;
        };
    }
}
