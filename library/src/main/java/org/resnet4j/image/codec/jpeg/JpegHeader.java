package org.resnet4j.image.codec.jpeg;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;
import org.resnet4j.image.Orientation;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.codec.Metadata;
import org.resnet4j.image.codec.PixelLimit;

/**
 * The contents of a JPEG file before its first scan (ITU-T T.81, annex B).
 *
 * @param progressive true if the coefficients are in several scans (T.81, annex G)
 */
public record JpegHeader(
        int width,
        int height,
        boolean progressive,
        Colors colors,
        Components components,
        Orientation orientation,
        Coded coded) {
    /**
     * The data that a decoder needs. Color profiles, thumbnails and comments are not needed for the pixels, and a
     * decoder that does not see them cannot fail on them. Frames of Motion JPEG lack Huffman tables, and get the
     * standard ones (annex K.3).
     *
     * @param head a copy of the data before the first scan, without application segments and comments
     * @param bytes the file
     * @param scan the position of the first scan's marker
     * @param length the length of the file
     */
    public record Coded(byte[] head, byte[] bytes, int scan, int length) {
        /** Returns a copy of the file without application segments and comments. */
        byte[] stripped() {
            byte[] whole = Arrays.copyOf(head, head.length + length - scan);
            System.arraycopy(bytes, scan, whole, head.length, length - scan);
            return whole;
        }
    }

    /**
     * The components of the picture, with the same index in all three arrays.
     *
     * @param ids the identifiers in scan headers
     * @param sampling the rows and columns in a unit: columns * 16 + rows
     * @param steps the numbers of the quantization tables
     */
    public record Components(int[] ids, int[] sampling, int[] steps) {}

    int[] ids() {
        return components.ids();
    }

    public int[] sampling() {
        return components.sampling();
    }

    int[] steps() {
        return components.steps();
    }

    /** The color spaces of a picture, by the rules of libjpeg's {@code default_decompress_parms}. */
    enum Colors {
        GRAY,
        RGB,
        YCC,
        CMYK,
        YCCK
    }

    /** Returns true if a component has all of the columns, but half of the rows. */
    boolean hasHalvedRows(int component) {
        int columns = 0;
        int rows = 0;
        for (int factors : sampling()) {
            columns = Math.max(columns, factors >> 4);
            rows = Math.max(rows, factors & 15);
        }
        return sampling()[component] >> 4 == columns && 2 * (sampling()[component] & 15) == rows;
    }

    /**
     * Returns true if the end-of-image marker, which coded data cannot contain, is present. Cameras may append data to
     * it.
     */
    boolean isWhole() {
        byte[] bytes = coded.bytes();
        for (int at = coded.length() - 2; at >= coded.scan(); at--) {
            if (bytes[at] == (byte) 0xff && bytes[at + 1] == (byte) 0xd9) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns false if the data is too short for the pixels, to be checked before they are allocated. Each block takes
     * at least a bit, and the largest component has at least a quarter of the picture's blocks.
     */
    boolean canHoldPixels() {
        long blocks = (width + 7L) / 8 * ((height + 7L) / 8);
        return 8L * (coded.head().length + coded.length() - coded.scan()) >= blocks / 4;
    }

    public static JpegHeader parse(byte[] bytes) throws MalformedImageException {
        return parse(bytes, bytes.length);
    }

    /** Parses the first {@code length} bytes. */
    public static JpegHeader parse(byte[] bytes, int length) throws MalformedImageException {
        return new Parser(bytes, length).parse();
    }

    private static final class Parser {
        private static final int START_OF_IMAGE = 0xd8;
        private static final int END_OF_IMAGE = 0xd9;
        private static final int START_OF_SCAN = 0xda;
        private static final int BASELINE = 0xc0;
        private static final int PROGRESSIVE = 0xc2;
        private static final int HUFFMAN_TABLES = 0xc4;
        private static final int ARITHMETIC_CONDITIONING = 0xcc;
        private static final int APP0 = 0xe0;
        private static final int APP1 = 0xe1;
        private static final int APP14 = 0xee;
        private static final int APP15 = 0xef;
        private static final int COMMENT = 0xfe;
        private static final int NO_ADOBE_MARKER = -1;
        private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";

        private final byte[] bytes;
        private final int length;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private boolean jfif;
        private int adobeTransform = NO_ADOBE_MARKER;
        private final Metadata metadata = new Metadata();
        private int frameAt = -1;

        /** Flags for the tables 0 and 1 of DC coefficients, then for those of AC coefficients. */
        private final boolean[] tables = new boolean[4];

        Parser(byte[] bytes, int length) {
            this.bytes = bytes;
            this.length = length;
        }

        JpegHeader parse() throws MalformedImageException {
            keep(0, 2);
            int at = 2;
            while (true) {
                at = nextMarker(at);
                int marker = bytes[at + 1] & 0xff;
                if (marker == END_OF_IMAGE) {
                    throw new MalformedImageException("the JPEG file holds no picture");
                }
                if (marker >= 0xd0 && marker <= START_OF_IMAGE) {
                    at += 2;
                    continue;
                }
                int content = at + 4;
                int end = content <= length ? at + 2 + unsignedShort(at + 2) : Integer.MAX_VALUE;
                if (end > length) {
                    throw MalformedImageException.truncated(ImageFormat.JPEG);
                }
                if (marker < BASELINE) {
                    throw new MalformedImageException(
                            "the JPEG file is damaged (there is no marker " + marker + ", at byte " + at + ")");
                }
                if (end < content) {
                    throw new MalformedImageException("the JPEG segment at byte " + at + " has an invalid length");
                }
                readSegment(marker, content, end);
                if (marker == START_OF_SCAN) {
                    if (frameAt < 0) {
                        throw new MalformedImageException("the JPEG file has a scan before its frame header");
                    }
                    keepStandardTables();
                    PixelLimit.checkSize(ImageFormat.JPEG, width(), height());
                    JpegScans.check(bytes, length, at, ofComponents(0), isProgressive(), (long) width() * height());
                    return header(at);
                }
                if (!(marker >= APP0 && marker <= APP15 || marker == COMMENT)) {
                    keep(at, end);
                }
                at = end;
            }
        }

        /** Returns the position of the next marker; stray bytes before it and fill bytes are skipped, as in libjpeg. */
        private int nextMarker(int from) throws MalformedImageException {
            for (int at = from; at + 1 < length; at++) {
                int code = bytes[at + 1] & 0xff;
                if (bytes[at] == (byte) 0xff && code != 0 && code != 0xff) {
                    return at;
                }
            }
            throw MalformedImageException.truncated(ImageFormat.JPEG);
        }

        private void readSegment(int marker, int content, int end) throws MalformedImageException {
            if (marker == APP0 && ImageFormat.startsWith(bytes, content, "JFIF\0")) {
                jfif = true;
            } else if (marker == APP1 && !metadata.hasExif() && ImageFormat.startsWith(bytes, content, "Exif\0\0")) {
                metadata.readExif(bytes, content, end);
            } else if (marker == APP1 && ImageFormat.startsWith(bytes, content, XMP)) {
                metadata.readXmp(bytes, content + XMP.length(), end);
            } else if (marker == HUFFMAN_TABLES) {
                noteTables(content, end);
            } else if (marker == APP14 && end - content >= 12 && ImageFormat.startsWith(bytes, content, "Adobe")) {
                adobeTransform = bytes[content + 11] & 0xff;
            } else if (isFrame(marker)) {
                readFrame(marker, content, end);
            }
        }

        private static boolean isFrame(int marker) {
            return marker >= BASELINE
                    && marker <= 0xcf
                    && marker != HUFFMAN_TABLES
                    && marker != 0xc8
                    && marker != ARITHMETIC_CONDITIONING;
        }

        private void readFrame(int marker, int content, int end) throws MalformedImageException {
            if (marker > PROGRESSIVE) {
                throw new MalformedImageException(
                        "this kind of JPEG (lossless, hierarchical or arithmetic-coded; frame type "
                                + (marker - BASELINE) + ") is not supported");
            }
            if (frameAt >= 0 || end - content < 6 || end - content < 6 + 3 * (bytes[content + 5] & 0xff)) {
                throw new MalformedImageException("the JPEG frame header is damaged");
            }
            if (bytes[content] != 8) {
                throw new MalformedImageException(
                        "JPEG samples of " + (bytes[content] & 0xff) + " bits are not supported, only 8");
            }
            frameAt = content;
        }

        /** Records the tables that a DHT segment defines; errors in them are left to the decoder. */
        private void noteTables(int content, int end) {
            for (int at = content; at + 17 <= end; at += 17 + JpegHuffmanTable.countSymbols(bytes, at + 1)) {
                int kind = bytes[at] >> 4;
                int number = bytes[at] & 15;
                if ((kind == 0 || kind == 1) && number < 2) {
                    tables[2 * kind + number] = true;
                }
            }
        }

        private void keepStandardTables() {
            if (isProgressive()) {
                return;
            }
            JPEGHuffmanTable[] standard = {
                JPEGHuffmanTable.StdDCLuminance,
                JPEGHuffmanTable.StdDCChrominance,
                JPEGHuffmanTable.StdACLuminance,
                JPEGHuffmanTable.StdACChrominance
            };
            for (int i = 0; i < standard.length; i++) {
                if (!tables[i]) {
                    keepTable(i, standard[i].getLengths(), standard[i].getValues());
                }
            }
        }

        private void keepTable(int place, short[] lengths, short[] symbols) {
            kept.write(0xff);
            kept.write(HUFFMAN_TABLES);
            kept.write(0);
            kept.write(2 + 1 + 16 + symbols.length);
            kept.write(place / 2 << 4 | place % 2);
            for (int i = 0; i < 16; i++) {
                kept.write(i < lengths.length ? lengths[i] : 0);
            }
            for (short symbol : symbols) {
                kept.write(symbol);
            }
        }

        private int width() {
            return unsignedShort(frameAt + 3);
        }

        private int height() {
            return unsignedShort(frameAt + 1);
        }

        private boolean isProgressive() {
            return bytes[frameAt - 3] == (byte) PROGRESSIVE;
        }

        private JpegHeader header(int scan) throws MalformedImageException {
            return new JpegHeader(
                    width(),
                    height(),
                    isProgressive(),
                    colors(),
                    new Components(ofComponents(0), ofComponents(1), ofComponents(2)),
                    metadata.orientation(),
                    new Coded(kept.toByteArray(), bytes, scan, length));
        }

        private Colors colors() throws MalformedImageException {
            int components = bytes[frameAt + 5] & 0xff;
            return switch (components) {
                case 1 -> Colors.GRAY;
                case 3 -> isRgb() ? Colors.RGB : Colors.YCC;
                case 4 -> adobeTransform == NO_ADOBE_MARKER || adobeTransform == 0 ? Colors.CMYK : Colors.YCCK;
                default ->
                    throw new MalformedImageException(
                            "a JPEG of " + components + " components is not supported, only 1, 3 and 4");
            };
        }

        /** Returns one of the three bytes of each component in the frame header. */
        private int[] ofComponents(int which) {
            int[] values = new int[bytes[frameAt + 5] & 0xff];
            for (int c = 0; c < values.length; c++) {
                values[c] = bytes[frameAt + 6 + 3 * c + which] & 0xff;
            }
            return values;
        }

        private boolean isRgb() {
            if (jfif) {
                return false;
            }
            if (adobeTransform != NO_ADOBE_MARKER) {
                return adobeTransform == 0;
            }
            return bytes[frameAt + 6] == 'R' && bytes[frameAt + 9] == 'G' && bytes[frameAt + 12] == 'B';
        }

        private int unsignedShort(int at) {
            return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
        }

        private void keep(int from, int to) {
            kept.write(bytes, from, to - from);
        }
    }
}
