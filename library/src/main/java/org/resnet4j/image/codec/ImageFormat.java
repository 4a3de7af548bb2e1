package org.resnet4j.image.codec;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The formats that {@code ImageDecoder} reads, recognized by their first bytes. */
public enum ImageFormat {
    JPEG("JPEG"),
    PNG("PNG"),
    BMP("BMP"),
    GIF("GIF"),
    WEBP("WebP"),
    TIFF("TIFF");

    private final String label;

    ImageFormat(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    public static @Nullable ImageFormat sniff(byte[] bytes) {
        if (startsWith(bytes, 0, "\u00ff\u00d8\u00ff")) {
            return JPEG;
        }
        if (startsWith(bytes, 0, "\u0089PNG\r\n\u001a\n")) {
            return PNG;
        }
        if (startsWith(bytes, 0, "GIF87a") || startsWith(bytes, 0, "GIF89a")) {
            return GIF;
        }
        if (startsWith(bytes, 0, "RIFF") && startsWith(bytes, 8, "WEBP")) {
            return WEBP;
        }
        boolean tiff = startsWith(bytes, 0, "II*\0") || startsWith(bytes, 0, "MM\0*");
        boolean bigTiff = startsWith(bytes, 0, "II+\0") || startsWith(bytes, 0, "MM\0+");
        if (tiff || bigTiff) {
            return TIFF;
        }
        return startsWith(bytes, 0, "BM") ? BMP : null;
    }

    /** Describes a file of no known format. */
    public static String describeUnknown(byte[] bytes) {
        if (bytes.length == 0) {
            return "the file is empty";
        }
        if (startsWith(bytes, 4, "ftyp") && bytes.length >= 12) {
            return describeBrand(new String(bytes, 8, 4, StandardCharsets.ISO_8859_1).strip());
        }
        int shown = Math.min(bytes.length, 16);
        var start = new StringBuilder();
        boolean text = true;
        for (int i = 0; i < shown; i++) {
            int c = bytes[i] & 0xff;
            text &= c >= 0x20 && c < 0x7f || c == '\n' || c == '\r' || c == '\t';
            start.append((char) Math.max(c, ' '));
        }
        String supported = "not a picture in a known format (JPEG, PNG, BMP, GIF, WebP, TIFF)";
        return text
                ? supported + ": it begins with the text \"" + start.toString().strip() + "\""
                : supported;
    }

    /** Describes an ISO base media file by its brand (ISO/IEC 23008-12, annex B; AVIF 1.1, section 8). */
    private static String describeBrand(String brand) {
        String kind = switch (brand) {
            case "avif", "avis", "avio" -> "an AVIF picture";
            case "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs" -> "a HEIC picture";
            case "mif1", "mif2", "msf1", "miaf" -> "a HEIF picture (HEIC or AVIF)";
            default -> "a video or another ISO media file";
        };
        return kind + " (brand '" + printable(brand) + "'), which is not supported; convert it to JPEG";
    }

    private static String printable(String text) {
        return text.chars().allMatch(c -> c >= 0x20 && c < 0x7f) ? text : "?";
    }

    /** Returns true if the bytes from {@code offset} are those of {@code latin1}. */
    public static boolean startsWith(byte[] bytes, int offset, String latin1) {
        if (offset < 0 || bytes.length - offset < latin1.length()) {
            return false;
        }
        for (int i = 0; i < latin1.length(); i++) {
            if ((bytes[offset + i] & 0xff) != latin1.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
