package org.resnet4j.image;

/**
 * How a camera was held: the eight values of EXIF tag 0x0112, in their order, each named by what makes the stored
 * picture upright.
 */
enum Orientation {
    UPRIGHT(false, false, false),
    FLIP_HORIZONTALLY(false, true, false),
    TURN_AROUND(false, true, true),
    FLIP_VERTICALLY(false, false, true),
    TRANSPOSE(true, false, false),
    TURN_CLOCKWISE(true, false, true),
    TRANSVERSE(true, true, true),
    TURN_COUNTERCLOCKWISE(true, true, false);

    /** The upright picture's (x, y) is taken from the stored picture's (y, x) ... */
    private final boolean swapped;

    /** ... and that stored x, or y, counts from the far side. */
    private final boolean mirroredX;

    private final boolean mirroredY;

    Orientation(boolean swapped, boolean mirroredX, boolean mirroredY) {
        this.swapped = swapped;
        this.mirroredX = mirroredX;
        this.mirroredY = mirroredY;
    }

    static Orientation ofExif(int value) {
        return value >= 1 && value <= 8 ? values()[value - 1] : UPRIGHT;
    }

    /** The picture as it should be seen. */
    Image upright(Image stored) {
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
