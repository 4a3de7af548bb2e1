package org.resnet4j.image;

import java.util.Objects;
import org.resnet4j.image.filter.CenterCrop;

/**
 * Cropping, padding, flipping and resizing of pictures by torchvision's rules. The results are new pictures, or the
 * argument itself if it does not change.
 *
 * @since 0.1.0
 */
public final class Geometry {
    private Geometry() {}

    /**
     * Returns the part of {@code width} x {@code height} pixels with its upper left corner at ({@code x}, {@code y}).
     *
     * @throws IndexOutOfBoundsException if it is not inside the picture
     */
    public static Image crop(Image image, int x, int y, int width, int height) {
        Objects.checkFromIndexSize(x, width, image.width());
        Objects.checkFromIndexSize(y, height, image.height());
        if (width == image.width() && height == image.height()) {
            return image;
        }
        byte[] part = new byte[width * height * image.channels()];
        copy(image, x, y, width, height, new Target(part, width, 0, 0));
        return new Image(width, height, image.channels(), part);
    }

    /**
     * Returns the center of the picture, padded with zeros first if the picture is smaller: torchvision's
     * {@code center_crop}, with its rounding (half a pixel to even).
     */
    public static Image centerCrop(Image image, int width, int height) {
        int missingWidth = Math.max(0, width - image.width());
        int missingHeight = Math.max(0, height - image.height());
        Image padded = pad(image, missingWidth / 2, missingHeight / 2, (missingWidth + 1) / 2, (missingHeight + 1) / 2);
        return crop(
                padded,
                CenterCrop.centered(padded.width(), width),
                CenterCrop.centered(padded.height(), height),
                width,
                height);
    }

    /** Pads the four sides with zeros (black). */
    public static Image pad(Image image, int left, int top, int right, int bottom) {
        if (left < 0 || top < 0 || right < 0 || bottom < 0) {
            throw new IllegalArgumentException(
                    "padding must not be negative, got " + left + ", " + top + ", " + right + ", " + bottom);
        }
        if ((left | top | right | bottom) == 0) {
            return image;
        }
        int width = Math.addExact(image.width(), Math.addExact(left, right));
        int height = Math.addExact(image.height(), Math.addExact(top, bottom));
        byte[] padded = new byte[Math.multiplyExact(Math.multiplyExact(width, height), image.channels())];
        copy(image, 0, 0, image.width(), image.height(), new Target(padded, width, left, top));
        return new Image(width, height, image.channels(), padded);
    }

    /** Returns the mirror image, with left and right exchanged. */
    public static Image flipHorizontally(Image image) {
        return Orientation.FLIP_HORIZONTALLY.upright(image);
    }

    /**
     * Resizes so that the shorter side becomes {@code size} and the longer one {@code (int) (size * longer / shorter)}:
     * torchvision's {@code Resize(size)}.
     */
    public static Image resizeShorterSide(Image image, int size, Interpolation interpolation) {
        return Resize.resize(
                image,
                CenterCrop.resizedWidth(image.width(), image.height(), size),
                CenterCrop.resizedHeight(image.width(), image.height(), size),
                interpolation);
    }

    /**
     * Combines both without computing the pixels that the crop discards; the crop must not be larger than {@code size}.
     */
    static Image resizeShorterSideAndCenterCrop(Image image, int size, int crop, Interpolation interpolation) {
        var sizes = CenterCrop.of(image.width(), image.height(), size, crop);
        return Resize.resize(
                image,
                interpolation,
                sizes.across(image.width(), 0, image.width()),
                sizes.down(image.height(), 0, image.height()));
    }

    /** A position in a new picture. */
    private record Target(byte[] samples, int width, int x, int y) {}

    private static void copy(Image from, int fromX, int fromY, int width, int height, Target to) {
        int channels = from.channels();
        for (int row = 0; row < height; row++) {
            System.arraycopy(
                    from.samples(),
                    ((fromY + row) * from.width() + fromX) * channels,
                    to.samples(),
                    ((to.y() + row) * to.width() + to.x()) * channels,
                    width * channels);
        }
    }
}
