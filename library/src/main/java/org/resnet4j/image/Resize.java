package org.resnet4j.image;

import java.util.Arrays;
import org.resnet4j.image.sample.Pixels;

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
        return resize(image, width, height, interpolation, box, new Window(0, 0, width, height));
    }

    /** A part of the resized picture, in its pixels. */
    record Window(int x, int y, int width, int height) {}

    /** Computes only the pixels of the resized picture inside the window. */
    static Image resize(Image image, int width, int height, Interpolation interpolation, Box box, Window window) {
        boolean sameColumns = width == image.width() && box.left() == 0 && box.right() == width;
        boolean sameRows = height == image.height() && box.top() == 0 && box.bottom() == height;
        if (sameColumns && sameRows) {
            return Geometry.crop(image, window.x(), window.y(), window.width(), window.height());
        }
        int endX = window.x() + window.width();
        int endY = window.y() + window.height();
        if (interpolation == Interpolation.NEAREST) {
            int[] columns = nearestPositions(width, box.left(), box.right(), window.x(), endX);
            int[] rows = nearestPositions(height, box.top(), box.bottom(), window.y(), endY);
            return nearest(image, columns, rows);
        }
        FilterTaps down =
                FilterTaps.compute(image.height(), box.top(), box.bottom(), height, window.y(), endY, interpolation);
        int firstRow = sameRows ? window.y() : down.lowest();
        int endRow = sameRows ? endY : down.highest();
        Image narrowed;
        if (sameColumns) {
            narrowed = Geometry.crop(image, window.x(), firstRow, window.width(), endRow - firstRow);
        } else {
            narrowed = alongRows(
                    image,
                    firstRow,
                    endRow,
                    FilterTaps.compute(image.width(), box.left(), box.right(), width, window.x(), endX, interpolation));
        }
        return sameRows ? narrowed : alongColumns(narrowed, down.shifted(firstRow));
    }

    /** Filters the rows {@code firstRow} to {@code endRow} - 1 of the picture. */
    private static Image alongRows(Image image, int firstRow, int endRow, FilterTaps taps) {
        int width = taps.size();
        int height = endRow - firstRow;
        int channels = image.channels();
        byte[] to = new byte[Math.multiplyExact(Math.multiplyExact(width, height), channels)];
        int rowSamples = image.width() * channels;
        for (int y = 0; y < height; y++) {
            int rowAt = (firstRow + y) * rowSamples;
            if (channels == 3) {
                rgbRow(image.samples(), rowAt, to, y * width * 3, taps);
            } else {
                grayRow(image.samples(), rowAt, to, y * width, taps);
            }
        }
        return new Image(width, height, channels, to);
    }

    private static void rgbRow(byte[] from, int fromAt, byte[] to, int toAt, FilterTaps taps) {
        int[] first = taps.first();
        int[] count = taps.count();
        int[] weights = taps.weights();
        int at = toAt;
        for (int x = 0; x < first.length; x++, at += 3) {
            int red = FilterTaps.HALF;
            int green = FilterTaps.HALF;
            int blue = FilterTaps.HALF;
            int source = fromAt + 3 * first[x];
            int tap = x * taps.stride();
            for (int end = tap + count[x]; tap < end; tap++, source += 3) {
                int weight = weights[tap];
                red += (from[source] & 0xff) * weight;
                green += (from[source + 1] & 0xff) * weight;
                blue += (from[source + 2] & 0xff) * weight;
            }
            to[at] = Pixels.clip(red >> FilterTaps.FRACTION_BITS);
            to[at + 1] = Pixels.clip(green >> FilterTaps.FRACTION_BITS);
            to[at + 2] = Pixels.clip(blue >> FilterTaps.FRACTION_BITS);
        }
    }

    private static void grayRow(byte[] from, int fromAt, byte[] to, int toAt, FilterTaps taps) {
        int[] first = taps.first();
        int[] count = taps.count();
        int[] weights = taps.weights();
        for (int x = 0; x < first.length; x++) {
            int sum = FilterTaps.HALF;
            int source = fromAt + first[x];
            int tap = x * taps.stride();
            for (int end = tap + count[x]; tap < end; tap++, source++) {
                sum += (from[source] & 0xff) * weights[tap];
            }
            to[toAt + x] = Pixels.clip(sum >> FilterTaps.FRACTION_BITS);
        }
    }

    private static Image alongColumns(Image image, FilterTaps taps) {
        int height = taps.size();
        int rowSamples = image.width() * image.channels();
        byte[] from = image.samples();
        byte[] to = new byte[Math.multiplyExact(height, rowSamples)];
        int[] sums = new int[rowSamples];
        for (int y = 0; y < height; y++) {
            Arrays.fill(sums, FilterTaps.HALF);
            for (int k = 0; k < taps.count()[y]; k++) {
                addRow(from, (taps.first()[y] + k) * rowSamples, taps.weights()[y * taps.stride() + k], sums);
            }
            for (int i = 0; i < rowSamples; i++) {
                to[y * rowSamples + i] = Pixels.clip(sums[i] >> FilterTaps.FRACTION_BITS);
            }
        }
        return new Image(image.width(), height, image.channels(), to);
    }

    private static void addRow(byte[] from, int at, int weight, int[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += (from[at + i] & 0xff) * weight;
        }
    }

    private static Image nearest(Image image, int[] columns, int[] rows) {
        int channels = image.channels();
        byte[] from = image.samples();
        byte[] to = new byte[Math.multiplyExact(Math.multiplyExact(columns.length, rows.length), channels)];
        int at = 0;
        for (int row : rows) {
            for (int column : columns) {
                if (row < image.height() && column < image.width()) {
                    System.arraycopy(from, (row * image.width() + column) * channels, to, at, channels);
                }
                at += channels;
            }
        }
        return new Image(columns.length, rows.length, channels, to);
    }

    /**
     * Computes source positions as Pillow does: by repeated addition in double precision, truncated to whole pixels.
     */
    private static int[] nearestPositions(int size, float start, float end, int from, int to) {
        double step = (double) (end - start) / size;
        double position = start + step * 0.5;
        int[] positions = new int[to - from];
        for (int i = 0; i < to; i++, position += step) {
            if (i >= from) {
                positions[i - from] = (int) position;
            }
        }
        return positions;
    }
}
