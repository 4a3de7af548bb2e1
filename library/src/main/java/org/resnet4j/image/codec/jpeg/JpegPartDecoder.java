package org.resnet4j.image.codec.jpeg;

import org.jspecify.annotations.Nullable;
import org.resnet4j.image.Image;

/**
 * A decoder of a part of a JPEG picture, at its size or at a half, a quarter or an eighth of it (ITU-T T.81: sequential
 * and progressive, Huffman-coded; gray, RGB and YCbCr, the latter with all, half or a quarter of the color samples).
 * Everything outside the part is skipped: blocks outside are not transformed, and nothing below is read.
 *
 * <p>At full size, the pixels are bit for bit those of {@link JpegDecoder}. At reduced size, each is the mean of the
 * pixels that it stands for, as with libjpeg's {@code scale_denom}. Unusual and damaged files are left to
 * {@link JpegDecoder}.
 */
public final class JpegPartDecoder {
    private static final int SMALLEST = 16;

    private final byte[] bytes;
    private final int length;
    private final JpegHeader header;
    private final JpegPart part;
    private final JpegComponent[] components;
    private final JpegTables tables = new JpegTables();
    private final JpegTransform transform = new JpegTransform();
    private final int[] block = new int[64];
    private int restartInterval;

    private JpegPartDecoder(JpegHeader header, JpegPart part, JpegComponent[] components) {
        this.bytes = header.stripped();
        this.length = header.length();
        this.header = header;
        this.part = part;
        this.components = components;
    }

    /**
     * Returns the pixels of the stored picture, divided by {@code reduction}, in the given rectangle.
     *
     * @param reduction 1, 2, 4 or 8
     * @return the part; null if the file must be decoded by {@link JpegDecoder}
     */
    public static @Nullable Image decode(JpegHeader header, int reduction, int x, int y, int width, int height) {
        JpegHeader.Colors colors = header.colors();
        boolean known =
                colors == JpegHeader.Colors.GRAY || colors == JpegHeader.Colors.RGB || colors == JpegHeader.Colors.YCC;
        if (!known || header.width() < SMALLEST || header.height() < SMALLEST || !header.isWhole()) {
            return null;
        }
        if (!header.canHoldPixels()) {
            return null;
        }
        int count = header.sampling().length;
        int unitColumns = 0;
        int unitRows = 0;
        for (int factors : header.sampling()) {
            unitColumns = Math.max(unitColumns, factors >> 4);
            unitRows = Math.max(unitRows, factors & 15);
        }
        if (count == 1) {
            unitColumns = 1;
            unitRows = 1;
        }
        var part = new JpegPart(
                header.width(),
                header.height(),
                unitColumns,
                unitRows,
                reduction,
                new JpegPart.Region(x, y, width, height));
        var components = new JpegComponent[count];
        for (int c = 0; c < count; c++) {
            int columns = count == 1 ? 1 : header.sampling()[c] >> 4;
            int rows = count == 1 ? 1 : header.sampling()[c] & 15;
            if (!isSupported(unitColumns, columns) || !isSupported(unitRows, rows)) {
                return null;
            }
            components[c] = new JpegComponent(header.ids()[c], columns, rows, header.steps()[c], part);
        }
        return new JpegPartDecoder(header, part, components).decode();
    }

    private static boolean isSupported(int unit, int component) {
        return component > 0 && unit <= 4 && (unit == component || unit == 2 * component);
    }

    private @Nullable Image decode() {
        JpegCoefficients coefficients = header.progressive() ? new JpegCoefficients(components, part) : null;
        boolean begun = false;
        int at = 2;
        while (at + 4 <= length) {
            int marker = bytes[at + 1] & 0xff;
            if (bytes[at] != (byte) 0xff) {
                return null;
            }
            if (marker == 0xd9) {
                return coefficients != null && coefficients.transform(tables, transform) ? assemble() : null;
            }
            int content = at + 4;
            int end = at + 2 + ((bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff);
            if (end < content || end > length || !readTables(marker, content, end, begun)) {
                return null;
            }
            if (marker == 0xda) {
                JpegScan scan = JpegScan.parse(bytes, content, end, components, tables);
                if (scan == null) {
                    return null;
                }
                if (coefficients == null) {
                    return readSequential(scan, new JpegBits(bytes, end, length)) ? assemble() : null;
                }
                if (!coefficients.read(scan, new JpegBits(bytes, end, length), restartInterval)) {
                    return null;
                }
                begun = true;
                end = nextMarker(end);
            }
            at = end;
        }
        boolean ended = at + 2 == length && bytes[at] == (byte) 0xff && bytes[at + 1] == (byte) 0xd9;
        return ended && coefficients != null && coefficients.transform(tables, transform) ? assemble() : null;
    }

    /** Reads tables and the restart interval; returns false if they are damaged or misplaced. */
    private boolean readTables(int marker, int content, int end, boolean begun) {
        return switch (marker) {
            case 0xdb -> !begun && tables.readSteps(bytes, content, end);
            case 0xc4 -> tables.readCodes(bytes, content, end);
            case 0xdd -> {
                restartInterval = end - content == 2 ? (bytes[content] & 0xff) << 8 | bytes[content + 1] & 0xff : -1;
                yield restartInterval >= 0;
            }
            case 0xc0, 0xc1, 0xc2 -> !begun;
            case 0xda -> true;
            default -> marker >= 0xe0 && marker <= 0xfe;
        };
    }

    /** Returns the position of the next marker that ends a scan; the file's length if there is none. */
    private int nextMarker(int from) {
        for (int at = from; at + 1 < length; at++) {
            if (bytes[at] == (byte) 0xff) {
                int marker = bytes[at + 1] & 0xff;
                if (marker != 0 && marker != 0xff && !(marker >= 0xd0 && marker <= 0xd7)) {
                    return at;
                }
            }
        }
        return length;
    }

    /** Reads the single scan of a sequential picture down to the end of the part. */
    private boolean readSequential(JpegScan scan, JpegBits bits) {
        if (scan.components().length != components.length || !scan.isSequential()) {
            return false;
        }
        for (JpegComponent component : components) {
            if (component.dc == null || component.ac == null || tables.steps(component.stepsNumber) == null) {
                return false;
            }
        }
        int units = 0;
        for (int unitY = 0; unitY < part.endRow(); unitY++) {
            boolean insideRows = unitY >= part.firstRow();
            for (int unitX = 0; unitX < part.unitsWide(); unitX++, units++) {
                if (restartInterval > 0 && units > 0 && units % restartInterval == 0) {
                    if (!bits.restart(units / restartInterval - 1)) {
                        return false;
                    }
                    for (JpegComponent component : components) {
                        component.restart();
                    }
                }
                boolean inside = insideRows && unitX >= part.firstColumn() && unitX < part.endColumn();
                for (JpegComponent component : components) {
                    if (!readUnit(component, bits, unitX, unitY, inside)) {
                        return false;
                    }
                }
            }
            if (bits.isOverrun()) {
                return false;
            }
        }
        return true;
    }

    private boolean readUnit(JpegComponent component, JpegBits bits, int unitX, int unitY, boolean inside) {
        JpegHuffmanTable dc = component.dc;
        JpegHuffmanTable ac = component.ac;
        int[] steps = tables.steps(component.stepsNumber);
        if (dc == null || ac == null || steps == null) {
            return false;
        }
        for (int y = 0; y < component.rows; y++) {
            for (int x = 0; x < component.columns; x++) {
                int size = bits.symbol(dc);
                if (size < 0 || size > 15) {
                    return false;
                }
                component.before += bits.signed(size);
                if (!inside || component.size == 1) {
                    if (!bits.skipCoefficients(ac)) {
                        return false;
                    }
                    if (!inside) {
                        continue;
                    }
                }
                block[0] = component.before * steps[0];
                int last = component.size == 1 ? 0 : bits.readCoefficients(ac, steps, block);
                if (last < 0) {
                    return false;
                }
                component.write(transform, block, last, unitX * component.columns + x, unitY * component.rows + y);
            }
        }
        return true;
    }

    private Image assemble() {
        int width = part.width();
        byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, part.height()), 3)];
        byte[][] rows = new byte[components.length][width];
        for (int y = 0; y < part.height(); y++) {
            for (int c = 0; c < components.length; c++) {
                components[c].read(part.x(), part.y() + y, rows[c]);
            }
            int at = y * width * 3;
            switch (header.colors()) {
                case YCC -> JpegDecoder.yccRow(rows[0], rows[1], rows[2], rgb, at);
                case RGB -> interleave(rows[0], rows[1], rows[2], rgb, at);
                default -> interleave(rows[0], rows[0], rows[0], rgb, at);
            }
        }
        return new Image(width, part.height(), 3, rgb);
    }

    private static void interleave(byte[] red, byte[] green, byte[] blue, byte[] rgb, int at) {
        for (int i = 0, to = at; i < red.length; i++, to += 3) {
            rgb[to] = red[i];
            rgb[to + 1] = green[i];
            rgb[to + 2] = blue[i];
        }
    }
}
