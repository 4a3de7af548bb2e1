package org.resnet4j.image;

/**
 * The orientation of a camera: the eight values of EXIF tag 0x0112 in order, each named by the operation that makes the
 * stored picture upright.
 *
 * @since 0.1.0
 */
public enum Orientation {
    UPRIGHT(false, false, false),
    FLIP_HORIZONTALLY(false, true, false),
    TURN_AROUND(false, true, true),
    FLIP_VERTICALLY(false, false, true),
    TRANSPOSE(true, false, false),
    TURN_CLOCKWISE(true, false, true),
    TRANSVERSE(true, true, true),
    TURN_COUNTERCLOCKWISE(true, true, false);

    /** True if the upright picture's (x, y) is the stored picture's (y, x). */
    private final boolean swapped;

    /** True if the stored x is counted from the opposite side; likewise for y. */
    private final boolean mirroredX;

    private final boolean mirroredY;

    Orientation(boolean swapped, boolean mirroredX, boolean mirroredY) {
        this.swapped = swapped;
        this.mirroredX = mirroredX;
        this.mirroredY = mirroredY;
    }

    public static Orientation ofExif(int value) {
        return value >= 1 && value <= 8 ? values()[value - 1] : UPRIGHT;
    }

    /** Returns true if rows of the stored picture are columns of the upright one. */
    public boolean swapsSides() {
        return swapped;
    }

    /** Returns true if the stored column is counted from the last one. */
    public boolean mirrorsColumns() {
        return mirroredX;
    }

    /** Returns true if the stored row is counted from the last one. */
    public boolean mirrorsRows() {
        return mirroredY;
    }

    /**
     * Returns the position in the stored picture of a part of the upright one.
     *
     * @param width the width of the stored picture
     * @param height the height of the stored picture
     */
    public Resize.Box stored(Resize.Box upright, int width, int height) {
        return mirrored(swapped ? transposed(upright) : upright, width, height);
    }

    /**
     * Returns the position in the upright picture of a part of the stored one.
     *
     * @param width the width of the stored picture
     * @param height the height of the stored picture
     */
    public Resize.Box upright(Resize.Box stored, int width, int height) {
        Resize.Box mirrored = mirrored(stored, width, height);
        return swapped ? transposed(mirrored) : mirrored;
    }

    private static Resize.Box transposed(Resize.Box box) {
        return new Resize.Box(box.top(), box.left(), box.bottom(), box.right());
    }

    private Resize.Box mirrored(Resize.Box box, int width, int height) {
        return new Resize.Box(
                mirroredX ? width - box.right() : box.left(),
                mirroredY ? height - box.bottom() : box.top(),
                mirroredX ? width - box.left() : box.right(),
                mirroredY ? height - box.top() : box.bottom());
    }

    /** Returns the upright picture. */
    public Image upright(Image stored) {
        if (this == UPRIGHT) {
            return stored;
        }
        int channels = stored.channels();
        int width = swapped ? stored.height() : stored.width();
        int height = swapped ? stored.width() : stored.height();
        byte[] from = stored.samples();
        byte[] to = new byte[from.length];
        int target = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int storedX = swapped ? y : x;
                int storedY = swapped ? x : y;
                storedX = mirroredX ? stored.width() - 1 - storedX : storedX;
                storedY = mirroredY ? stored.height() - 1 - storedY : storedY;
                int source = (storedY * stored.width() + storedX) * channels;
                for (int c = 0; c < channels; c++) {
                    to[target++] = from[source + c];
                }
            }
        }
        return new Image(width, height, channels, to);
    }
}
