package org.resnet4j.image.codec;

import org.jspecify.annotations.Nullable;
import org.resnet4j.image.Orientation;

/** The orientation in a file's metadata: that of EXIF, or that of XMP if EXIF has none, as in Pillow. */
public final class Metadata {
    private static final String XMP_ORIENTATION = "tiff:Orientation";

    private @Nullable Orientation exif;
    private @Nullable Orientation xmp;

    /** Reads EXIF data at {@code bytes[start..end)}, with or without its prefix. */
    public void readExif(byte[] bytes, int start, int end) {
        int prefix = ImageFormat.startsWith(bytes, start, "Exif\0\0") ? 6 : 0;
        exif = Exif.find(bytes, start + prefix, end);
    }

    /** Reads an XMP packet at {@code bytes[start..end)}; it replaces an earlier one. */
    public void readXmp(byte[] bytes, int start, int end) {
        xmp = null;
        for (int at = start; at < end && xmp == null; at++) {
            if (bytes[at] == 't' && ImageFormat.startsWith(bytes, at, XMP_ORIENTATION)) {
                xmp = xmpValue(bytes, at + XMP_ORIENTATION.length(), end);
            }
        }
    }

    /** Returns the value of the attribute or element whose name ends at {@code at}; null if it is not a digit. */
    private static @Nullable Orientation xmpValue(byte[] bytes, int at, int end) {
        int digitAt = ImageFormat.startsWith(bytes, at, "=\"") ? at + 2 : at + 1;
        if (digitAt >= end || digitAt == at + 1 && bytes[at] != '>') {
            return null;
        }
        int digit = bytes[digitAt] - '0';
        return digit >= 0 && digit <= 9 ? Orientation.ofExif(digit) : null;
    }

    public boolean hasExif() {
        return exif != null;
    }

    public Orientation orientation() {
        if (exif != null) {
            return exif;
        }
        return xmp != null ? xmp : Orientation.UPRIGHT;
    }
}
