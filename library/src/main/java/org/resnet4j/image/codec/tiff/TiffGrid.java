package org.resnet4j.image.codec.tiff;

import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.codec.PixelLimit;

/**
 * The strips or tiles of a TIFF file (TIFF 6.0, sections 3 and 15): all of the same size, row by row, plane by plane.
 *
 * @param offsetsTag the tag of their positions
 * @param countsTag the tag of their lengths in bytes
 * @param width the width of each, in pixels
 * @param height the height of each, in pixels; the last strip may have fewer rows
 * @param tiled true for tiles, which are padded beyond the picture's edges
 */
record TiffGrid(int offsetsTag, int countsTag, int width, int height, boolean tiled) {
    static TiffGrid of(TiffDirectory tags, TiffLayout layout) throws MalformedImageException {
        TiffGrid grid = tags.has(TiffDirectory.TILE_WIDTH) ? tiles(tags, layout) : strips(tags, layout);
        long expected = layout.planes() * grid.across(layout) * grid.down(layout);
        int offsets = tags.count(grid.offsetsTag);
        int counts = tags.count(grid.countsTag);
        if (offsets != expected || counts != 0 && counts != offsets) {
            throw new MalformedImageException("the TIFF file has " + offsets + (grid.tiled ? " tiles" : " strips")
                    + " and the lengths of " + counts + ", where its size calls for " + expected);
        }
        return grid;
    }

    private static TiffGrid strips(TiffDirectory tags, TiffLayout layout) throws MalformedImageException {
        long rows = Math.min(tags.numberOr(TiffDirectory.ROWS_PER_STRIP, layout.height()), layout.height());
        if (rows < 1) {
            throw new MalformedImageException("the TIFF file has strips of no rows");
        }
        return new TiffGrid(
                TiffDirectory.STRIP_OFFSETS, TiffDirectory.STRIP_BYTE_COUNTS, layout.width(), (int) rows, false);
    }

    private static TiffGrid tiles(TiffDirectory tags, TiffLayout layout) throws MalformedImageException {
        boolean misnamed = !tags.has(TiffDirectory.TILE_OFFSETS);
        boolean ambiguous =
                misnamed ? layout.compression() == TiffCompression.NONE : tags.has(TiffDirectory.STRIP_OFFSETS);
        if (ambiguous) {
            throw TiffCompression.unsupported("strips and tiles");
        }
        long width = tags.number(TiffDirectory.TILE_WIDTH);
        long height = tags.number(TiffDirectory.TILE_HEIGHT);
        PixelLimit.check(ImageFormat.TIFF, width, height);
        // Some writers store the positions of tiles in the tags of strips.
        var grid = new TiffGrid(
                misnamed ? TiffDirectory.STRIP_OFFSETS : TiffDirectory.TILE_OFFSETS,
                misnamed ? TiffDirectory.STRIP_BYTE_COUNTS : TiffDirectory.TILE_BYTE_COUNTS,
                (int) width,
                (int) height,
                true);
        // The padding is included, so that large tiles of small pictures cannot evade the limit.
        PixelLimit.check(ImageFormat.TIFF, grid.across(layout) * width, grid.down(layout) * height);
        if (width * layout.bits() % 8 != 0) {
            throw TiffCompression.unsupported("tiles of " + width + " pixels of " + layout.bits() + " bits");
        }
        return grid;
    }

    long across(TiffLayout layout) {
        return Math.ceilDiv(layout.width(), width);
    }

    long down(TiffLayout layout) {
        return Math.ceilDiv(layout.height(), height);
    }
}
