package org.resnet4j.image;

import org.resnet4j.image.filter.ResizedRows;
import org.resnet4j.image.filter.Taps;
import org.resnet4j.image.sample.PixelRows;
import org.resnet4j.image.sample.Pixels;
import org.resnet4j.image.sample.Region;

/**
 * Resizing of pictures with exactly the bits of Pillow's {@code Image.resize} for 8-bit pictures, because the results
 * of a network depend on them: weights in fixed point with 22 fractional bits, first along the rows, then along the
 * columns, each rounded to 8 bits.
 *
 * @since 0.1.0
 */
public final class Resize {
    private Resize() {}

    /**
     * A part of a picture in source pixels, which may be fractional.
     *
     * @param left at least 0
     * @param top at least 0
     * @param right more than {@code left}, at most the picture's width
     * @param bottom more than {@code top}, at most the picture's height
     */
    public record Box(float left, float top, float right, float bottom) {
        public Box {
            if (!(left >= 0 && top >= 0 && right > left && bottom > top)) {
                throw new IllegalArgumentException("a box needs 0 <= left < right and 0 <= top < bottom, got " + left
                        + ", " + top + ", " + right + ", " + bottom);
            }
        }
    }

    /** Resizes the whole picture. */
    public static Image resize(Image image, int width, int height, Interpolation interpolation) {
        return resize(image, width, height, interpolation, new Box(0, 0, image.width(), image.height()));
    }

    /**
     * Resizes the part of the picture inside {@code box}. Pixels outside the box also contribute where the filter
     * reaches them, so the result differs from {@link Geometry#crop} followed by {@link #resize}.
     *
     * @throws IllegalArgumentException if the size is not positive or the box exceeds the picture
     */
    public static Image resize(Image image, int width, int height, Interpolation interpolation, Box box) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("a size must be at least 1x1, got " + width + "x" + height);
        }
        if (box.right() > image.width() || box.bottom() > image.height()) {
            throw new IllegalArgumentException(
                    box + " exceeds the picture of " + image.width() + "x" + image.height() + " pixels");
        }
        return resize(
                image,
                interpolation,
                new Taps.Range(image.width(), box.left(), box.right(), width, 0, width),
                new Taps.Range(image.height(), box.top(), box.bottom(), height, 0, height));
    }

    /** Computes the pixels of the resized picture in a range of columns and rows. */
    static Image resize(Image image, Interpolation interpolation, Taps.Range across, Taps.Range down) {
        int width = across.to() - across.from();
        int height = down.to() - down.from();
        if (across.isIdentity() && down.isIdentity()) {
            return Geometry.crop(image, across.from(), down.from(), width, height);
        }
        var filter = new Taps.Filter(interpolation.support(), interpolation::weight);
        var rows = new ResizedRows(across, down, filter, ResizedRows.Turn.NONE, image.channels());
        read(image, rows.region(), rows);
        return new Image(width, height, image.channels(), rows.samples());
    }

    /** Passes on the rows of a part of a picture. */
    private static void read(Image image, Region region, PixelRows rows) {
        int channels = image.channels();
        byte[][] planes = new byte[channels][region.width() + PixelRows.PADDING];
        for (int y = region.y(); y < region.y() + region.height(); y++) {
            int at = (y * image.width() + region.x()) * channels;
            if (channels == 1) {
                System.arraycopy(image.samples(), at, planes[0], 0, region.width());
            } else {
                Pixels.split(image.samples(), at, planes[0], planes[1], planes[2], region.width());
            }
            rows.next(planes);
        }
    }
}
