package org.resnet4j.image.file;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Orientation;
import org.resnet4j.image.Resize;
import org.resnet4j.image.codec.DecodingMemory;
import org.resnet4j.image.codec.jpeg.JpegHeader;
import org.resnet4j.image.codec.jpeg.JpegPartDecoder;

/** A JPEG file of which only the header was read. */
final class JpegPicture implements Picture {
    private static final int LARGEST_REDUCTION = 8;

    /** Memory for a column of the rows being decoded: samples of some 16 rows and their sums. */
    private static final long ROW_BYTES = 64;

    /** The file, in the first {@code length} bytes. */
    private final byte[] bytes;

    private final int length;
    private final String origin;
    private final JpegHeader header;

    JpegPicture(byte[] bytes, int length, String origin, JpegHeader header) {
        this.bytes = bytes;
        this.length = length;
        this.origin = origin;
        this.header = header;
    }

    @Override
    public int width() {
        return header.orientation().swapsSides() ? header.height() : header.width();
    }

    @Override
    public int height() {
        return header.orientation().swapsSides() ? header.width() : header.height();
    }

    @Override
    public Image decode() throws UnreadableImageException {
        return ImageDecoder.decode(bytes.length == length ? bytes : Arrays.copyOf(bytes, length), origin);
    }

    @Override
    public Image prepare(EvaluationTransform transform, boolean scaled) throws UnreadableImageException {
        int reduction = 1;
        int shorter = Math.min(width(), height());
        while (scaled && reduction < LARGEST_REDUCTION && shorter / (2 * reduction) >= 2 * transform.resizeSize()) {
            reduction *= 2;
        }
        int reduced = reduction;
        return new StreamedSquare(this, header.orientation(), transform, reduction).read((region, rows) -> {
            // All coefficients of a progressive file are kept until the last scan.
            DecodingMemory.reserve(
                    header.progressive() ? 6L * header.width() * header.height() : ROW_BYTES * header.width());
            return JpegPartDecoder.decode(header, reduced, region, true, rows);
        });
    }

    @Override
    public Part decode(int x, int y, int partWidth, int partHeight, int width, int height, Interpolation interpolation)
            throws UnreadableImageException {
        Objects.checkFromIndexSize(x, partWidth, width());
        Objects.checkFromIndexSize(y, partHeight, height());
        int reduction = LARGEST_REDUCTION;
        while (reduction > 1 && (partWidth < width * reduction || partHeight < height * reduction)) {
            reduction /= 2;
        }
        var box = new Resize.Box(x, y, x + partWidth, y + partHeight);
        if (interpolation == Interpolation.NEAREST || interpolation == Interpolation.BOX) {
            // Their weights are discontinuous: the pixels used may depend on the last bit of a position in the whole
            // picture.
            return new Part(decode(), box);
        }
        Part part = decode(
                box,
                reduction,
                margin((double) partWidth / reduction / width, interpolation),
                margin((double) partHeight / reduction / height, interpolation));
        return part != null ? part : new Part(decode(), box);
    }

    /** Returns the number of pixels beyond the box that the resizing reads. */
    private static int margin(double scale, Interpolation interpolation) {
        return (int) Math.ceil(interpolation.support() * Math.max(1, scale)) + 1;
    }

    private @Nullable Part decode(Resize.Box upright, int reduction, int marginX, int marginY) {
        Orientation orientation = header.orientation();
        Resize.Box stored = orientation.stored(upright, header.width(), header.height());
        int storedMarginX = orientation.swapsSides() ? marginY : marginX;
        int storedMarginY = orientation.swapsSides() ? marginX : marginY;
        float left = stored.left() / reduction;
        float top = stored.top() / reduction;
        float right = stored.right() / reduction;
        float bottom = stored.bottom() / reduction;
        int x = Math.max(0, (int) left - storedMarginX);
        int y = Math.max(0, (int) top - storedMarginY);
        int endX = Math.min(Math.ceilDiv(header.width(), reduction), (int) Math.ceil(right) + storedMarginX);
        int endY = Math.min(Math.ceilDiv(header.height(), reduction), (int) Math.ceil(bottom) + storedMarginY);
        // All coefficients of a progressive file are kept until the last scan.
        DecodingMemory.reserve(
                12L * (header.progressive() ? header.width() * header.height() : (endX - x) * (endY - y)));
        Image part = JpegPartDecoder.decode(header, reduction, x, y, endX - x, endY - y);
        if (part == null) {
            return null;
        }
        var inside = new Resize.Box(left - x, top - y, right - x, bottom - y);
        return new Part(orientation.upright(part), orientation.upright(inside, part.width(), part.height()));
    }
}
