package org.resnet4j.image.codec.jpeg;

/**
 * Which part of a JPEG picture is decoded, and how small. All pixels are those of the reduced picture.
 *
 * @param pictureWidth of the stored picture, not reduced
 * @param pictureHeight of the stored picture, not reduced
 * @param unitColumns how many blocks beside each other a unit has at most (T.81 calls it an MCU)
 * @param unitRows how many blocks above each other a unit has at most
 * @param reduction 1, 2, 4 or 8
 * @param region the part
 */
record JpegPart(int pictureWidth, int pictureHeight, int unitColumns, int unitRows, int reduction, Region region) {
    /** A rectangle, by its first column and row and its size. */
    record Region(int x, int y, int width, int height) {}

    /** Pixels of the picture beside the part that the interpolation of color differences looks at. */
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

    /** The first column of units that is needed. */
    int firstColumn() {
        return Math.max(0, region.x() - MARGIN) * reduction / (8 * unitColumns);
    }

    int firstRow() {
        return Math.max(0, region.y() - MARGIN) * reduction / (8 * unitRows);
    }

    /** The column of units behind the last that is needed. */
    int endColumn() {
        return Math.min(unitsWide(), Math.ceilDiv((region.x() + region.width() + MARGIN) * reduction, 8 * unitColumns));
    }

    int endRow() {
        return Math.min(unitsHigh(), Math.ceilDiv((region.y() + region.height() + MARGIN) * reduction, 8 * unitRows));
    }
}
