package org.resnet4j.image.codec.jpeg;

import org.resnet4j.image.sample.Region;

/**
 * The decoded part of a JPEG picture, and its reduction. All pixels are those of the reduced picture.
 *
 * @param pictureWidth the width of the stored picture, not reduced
 * @param pictureHeight the height of the stored picture, not reduced
 * @param unitColumns the maximum number of horizontal blocks in a unit (T.81 calls it an MCU)
 * @param unitRows the maximum number of vertical blocks in a unit
 * @param reduction 1, 2, 4 or 8
 * @param region the part
 * @param toEnd true to read all units, although those below the part are needed only to detect damage
 */
public record JpegPart(
        int pictureWidth,
        int pictureHeight,
        int unitColumns,
        int unitRows,
        int reduction,
        Region region,
        boolean toEnd) {
    /** The number of pixels around the part that the interpolation of color differences reads. */
    private static final int MARGIN = 2;

    int x() {
        return region.x();
    }

    int y() {
        return region.y();
    }

    int width() {
        return region.width();
    }

    int height() {
        return region.height();
    }

    int unitsWide() {
        return Math.ceilDiv(pictureWidth, 8 * unitColumns);
    }

    int unitsHigh() {
        return Math.ceilDiv(pictureHeight, 8 * unitRows);
    }

    /** Returns the first column of units that is needed. */
    int firstColumn() {
        return Math.max(0, region.x() - MARGIN) * reduction / (8 * unitColumns);
    }

    int firstRow() {
        return Math.max(0, region.y() - MARGIN) * reduction / (8 * unitRows);
    }

    /** Returns the column after the last one that is needed. */
    int endColumn() {
        return Math.min(unitsWide(), Math.ceilDiv((region.x() + region.width() + MARGIN) * reduction, 8 * unitColumns));
    }

    int endRow() {
        return Math.min(unitsHigh(), Math.ceilDiv((region.y() + region.height() + MARGIN) * reduction, 8 * unitRows));
    }

    /** Returns the row after the last one that is read. */
    int lastRow() {
        return toEnd ? unitsHigh() : endRow();
    }

    /** Returns the number of rows of pixels in a row of units. */
    int unitHeight() {
        return 8 * unitRows / reduction;
    }
}
