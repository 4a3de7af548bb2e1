package org.resnet4j.image.codec.tiff;

import java.io.IOException;
import java.io.InputStream;
import org.resnet4j.image.Image;
import org.resnet4j.image.Orientation;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.codec.Metadata;

/**
 * A decoder of the first picture of TIFF 6.0 and BigTIFF files. {@link TiffLayout} defines the supported kinds; all
 * others are rejected by name. The rows of each strip or tile are decompressed one after another, so that only the
 * picture and one row are in memory.
 */
public final class TiffDecoder {
    private final TiffDirectory tags;
    private final TiffLayout layout;
    private final TiffGrid grid;
    private final TiffSegments segments;
    private final TiffSamples samples;
    private final byte[] row;
    private final byte[] stored;

    private TiffDecoder(byte[] bytes, TiffDirectory tags, TiffLayout layout) throws MalformedImageException {
        this.tags = tags;
        this.layout = layout;
        this.grid = TiffGrid.of(tags, layout);
        this.segments = new TiffSegments(bytes, tags, layout, grid);
        this.samples = new TiffSamples(layout, tags.order());
        this.row = new byte[layout.rowBytes(grid.width())];
        this.stored = new byte[Math.multiplyExact(layout.width() * layout.height(), layout.usedSamples())];
    }

    public static Image decode(byte[] bytes) throws IOException {
        TiffDirectory tags = TiffDirectory.parse(bytes);
        var decoder = new TiffDecoder(bytes, tags, TiffLayout.of(tags));
        return decoder.orientation().upright(decoder.decode());
    }

    private Image decode() throws IOException {
        int index = 0;
        for (int plane = 0; plane < layout.planes(); plane++) {
            for (int top = 0; top < layout.height(); top += grid.height()) {
                for (int left = 0; left < layout.width(); left += grid.width(), index++) {
                    if (plane < layout.usedPlanes()) {
                        readSegment(index, plane, left, top);
                    } else {
                        segments.locate(index, rows(top));
                    }
                }
            }
        }
        return new Image(layout.width(), layout.height(), 3, new TiffRgb(tags, layout).toRgb(stored));
    }

    /** Returns the rows of a strip or tile, including those below the picture. */
    private int rows(int top) {
        return grid.tiled() ? grid.height() : Math.min(grid.height(), layout.height() - top);
    }

    private void readSegment(int index, int plane, int left, int top) throws IOException {
        int visibleRows = Math.min(grid.height(), layout.height() - top);
        int columns = Math.min(grid.width(), layout.width() - left);
        int rows = rows(top);
        int taken = layout.separate() ? 1 : layout.usedSamples();
        int step = layout.usedSamples();
        try (InputStream in = segments.open(index, rows)) {
            for (int y = 0; y < rows; y++) {
                if (in.readNBytes(row, 0, row.length) < row.length) {
                    throw MalformedImageException.truncated(ImageFormat.TIFF);
                }
                if (y < visibleRows) {
                    TiffPredictor.undo(layout, tags.order(), row);
                    int pixel = (top + y) * layout.width() + left;
                    samples.take(row, taken, columns, stored, pixel * step + plane, step);
                }
            }
            segments.checkEnd(in);
        }
    }

    /** Returns the orientation of the tag, or without it, of the XMP text. */
    private Orientation orientation() throws MalformedImageException {
        if (tags.isNumber(TiffDirectory.ORIENTATION)) {
            return Orientation.ofExif((int) Math.min(tags.number(TiffDirectory.ORIENTATION), Integer.MAX_VALUE));
        }
        var metadata = new Metadata();
        if (!tags.has(TiffDirectory.ORIENTATION)) {
            byte[] xmp = tags.bytes(TiffDirectory.XMP);
            metadata.readXmp(xmp, 0, xmp.length);
        }
        return metadata.orientation();
    }
}
