package org.resnet4j.image.codec.jpeg;

import org.jspecify.annotations.Nullable;
import org.resnet4j.image.Image;
import org.resnet4j.image.codec.InterleavedRows;
import org.resnet4j.image.sample.PixelRows;
import org.resnet4j.image.sample.Region;
import org.resnet4j.kernel.PixelKernel;
import org.resnet4j.kernel.lookup.KernelLookup;

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
    private static final int END_OF_IMAGE = 0xd9;

    private final byte[] bytes;
    private final int length;
    private final JpegHeader header;
    private final JpegPart part;
    private final JpegComponent[] components;
    private final JpegTables tables = new JpegTables();
    private final PixelRows out;
    private final byte[][] planes;
    private final byte[][] rgb;

    /** The row that is passed on next. */
    private int nextRow;

    /** The number of rows of pixels that wait for the next row of units. */
    private final int delay;

    private int restartInterval;

    private JpegPartDecoder(JpegHeader header, JpegPart part, JpegComponent[] components, PixelRows out) {
        this.bytes = header.coded().bytes();
        this.length = header.coded().length();
        this.header = header;
        this.part = part;
        this.components = components;
        this.out = out;
        this.planes = new byte[components.length][part.width() + PixelRows.PADDING];
        this.rgb = new byte[3][part.width() + PixelRows.PADDING];
        this.nextRow = part.y();
        boolean waits = false;
        for (JpegComponent component : components) {
            waits |= component.needsNextUnit();
        }
        this.delay = waits ? 1 : 0;
    }

    /**
     * Returns the pixels of the stored picture, divided by {@code reduction}, in the given rectangle. Damage below it
     * may go unnoticed.
     *
     * @param reduction 1, 2, 4 or 8
     * @return the part; null if the file must be decoded by {@link JpegDecoder}
     */
    public static @Nullable Image decode(JpegHeader header, int reduction, int x, int y, int width, int height) {
        var rows = new InterleavedRows(width, height);
        return decode(header, reduction, new Region(x, y, width, height), false, rows) ? rows.image() : null;
    }

    /**
     * Returns all pixels of the stored picture.
     *
     * @return the image; null if the file must be decoded by the JDK's libjpeg
     */
    static @Nullable Image decodeWhole(JpegHeader header) {
        var rows = new InterleavedRows(header.width(), header.height());
        return decode(header, 1, new Region(0, 0, header.width(), header.height()), true, rows) ? rows.image() : null;
    }

    /**
     * Passes on the rows of a part of the stored picture, divided by {@code reduction}.
     *
     * @param reduction 1, 2, 4 or 8
     * @param toEnd true to read the file to its end, so that no damage goes unnoticed
     * @param rows receives {@code region.height()} rows of {@code region.width()} pixels
     * @return false if the file must be decoded by {@link JpegDecoder}; rows that were passed on are then worthless
     */
    public static boolean decode(JpegHeader header, int reduction, Region region, boolean toEnd, PixelRows rows) {
        JpegHeader.Colors colors = header.colors();
        boolean known =
                colors == JpegHeader.Colors.GRAY || colors == JpegHeader.Colors.RGB || colors == JpegHeader.Colors.YCC;
        if (!known || header.width() < SMALLEST || header.height() < SMALLEST || !header.isWhole()) {
            return false;
        }
        if (!header.canHoldPixels()) {
            return false;
        }
        int count = header.sampling().length;
        int unitColumns = 0;
        int unitRows = 0;
        for (int factors : header.sampling()) {
            unitColumns = Math.max(unitColumns, factors >> 4);
            unitRows = Math.max(unitRows, factors & 15);
        }
        if (unitColumns < 1 || unitColumns > 4 || unitRows < 1 || unitRows > 4) {
            return false;
        }
        if (count == 1) {
            unitColumns = 1;
            unitRows = 1;
        }
        var part = new JpegPart(header.width(), header.height(), unitColumns, unitRows, reduction, region, toEnd);
        var components = new JpegComponent[count];
        for (int c = 0; c < count; c++) {
            int columns = count == 1 ? 1 : header.sampling()[c] >> 4;
            int componentRows = count == 1 ? 1 : header.sampling()[c] & 15;
            if (!isSupported(unitColumns, columns) || !isSupported(unitRows, componentRows)) {
                return false;
            }
            components[c] = new JpegComponent(
                    header.ids()[c], columns, componentRows, header.steps()[c], part, KernelLookup.pixels());
        }
        return new JpegPartDecoder(header, part, components, rows).decode();
    }

    private static boolean isSupported(int unit, int component) {
        return component > 0 && unit <= 4 && (unit == component || unit == 2 * component);
    }

    private boolean decode() {
        JpegCoefficients coefficients = header.progressive() ? new JpegCoefficients(components, part) : null;
        if (!readHead(header.coded().head())) {
            return false;
        }
        boolean begun = false;
        int at = header.coded().scan();
        while (at + 4 <= length) {
            int marker = bytes[at + 1] & 0xff;
            if (bytes[at] != (byte) 0xff) {
                return false;
            }
            if (marker == END_OF_IMAGE) {
                return coefficients != null && transform(coefficients);
            }
            int content = at + 4;
            int end = at + 2 + ((bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff);
            if (end < content || end > length || !readTables(bytes, marker, content, end, begun)) {
                return false;
            }
            if (marker == 0xda) {
                JpegScan scan = JpegScan.parse(bytes, content, end, components, tables);
                if (scan == null) {
                    return false;
                }
                var bits = new JpegBits(bytes, end, length);
                if (coefficients == null) {
                    return readSequential(scan, bits)
                            && (!part.toEnd() || bits.isAtMarker() && endsAt(bits.markerAt()));
                }
                if (!coefficients.read(scan, bits, restartInterval) || part.toEnd() && !bits.isAtMarker()) {
                    return false;
                }
                begun = true;
                end = part.toEnd() ? bits.markerAt() : nextMarker(end);
            }
            at = end;
        }
        return at + 2 == length && endsAt(at) && coefficients != null && transform(coefficients);
    }

    /** Reads the segments before the first scan, without application segments. */
    private boolean readHead(byte[] head) {
        int at = 2;
        while (at < head.length) {
            int marker = head[at + 1] & 0xff;
            int end = at + 2 + ((head[at + 2] & 0xff) << 8 | head[at + 3] & 0xff);
            if (!readTables(head, marker, at + 4, end, false)) {
                return false;
            }
            at = end;
        }
        return true;
    }

    private boolean endsAt(int at) {
        return at + 2 <= length && bytes[at] == (byte) 0xff && bytes[at + 1] == (byte) END_OF_IMAGE;
    }

    private boolean transform(JpegCoefficients coefficients) {
        if (!coefficients.isComplete(tables)) {
            return false;
        }
        for (int unitY = part.firstRow(); unitY < part.endRow(); unitY++) {
            if (!coefficients.transform(unitY, tables)) {
                return false;
            }
            emit(unitY);
        }
        return true;
    }

    /** Reads tables and the restart interval; returns false if they are damaged or misplaced. */
    private boolean readTables(byte[] from, int marker, int content, int end, boolean begun) {
        return switch (marker) {
            case 0xdb -> !begun && tables.readSteps(from, content, end);
            case 0xc4 -> tables.readCodes(from, content, end);
            case 0xdd -> {
                restartInterval = end - content == 2 ? (from[content] & 0xff) << 8 | from[content + 1] & 0xff : -1;
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

    /** Reads the single scan of a sequential picture, down to the end of the part or of the picture. */
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
        for (int unitY = 0; unitY < part.lastRow(); unitY++) {
            boolean insideRows = unitY >= part.firstRow() && unitY < part.endRow();
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
            if (insideRows) {
                for (JpegComponent component : components) {
                    component.endRow(unitY);
                }
                emit(unitY);
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
        for (int row = 0; row < component.rows; row++) {
            for (int x = 0; x < component.columns; x++) {
                int difference = bits.difference(dc);
                if (difference == JpegBits.DAMAGED) {
                    return false;
                }
                component.before += difference;
                if (!inside || component.size == 1) {
                    if (!bits.skipCoefficients(ac)) {
                        return false;
                    }
                    if (!inside) {
                        continue;
                    }
                }
                int[] block = component.block(row);
                int lane = component.lane(row);
                block[lane] = component.before * steps[0];
                int sum = component.size == 1 ? 0 : bits.readCoefficients(ac, steps, block, component.positions, lane);
                if (sum < 0 || !component.add(sum, unitX * component.columns + x, unitY, row)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Passes on the rows that are complete when a row of units has been transformed. */
    private void emit(int unitY) {
        int complete = (unitY + 1) * part.unitHeight() - delay;
        int end = part.y() + part.height();
        if (unitY + 1 < part.unitsHigh()) {
            end = Math.min(end, complete);
        }
        PixelKernel kernel = KernelLookup.pixels();
        for (; nextRow < end; nextRow++) {
            for (int c = 0; c < components.length; c++) {
                components[c].read(part.x(), nextRow, part.width(), planes[c]);
            }
            if (header.colors() == JpegHeader.Colors.YCC) {
                kernel.toRgb(planes, rgb, part.width());
                out.next(rgb);
            } else {
                out.next(planes);
            }
        }
    }
}
