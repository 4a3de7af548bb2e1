package org.resnet4j.image.file;

import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Resize;

/**
 * A picture that may still be coded, so that no more of it is decoded than is needed. {@link ImageDecoder#open} makes
 * it of a file's content, {@link #of} of decoded pixels. Safe for many threads at once.
 */
public sealed interface Picture permits DecodedPicture, JpegPicture {
    /**
     * An image in which a part of a picture lies.
     *
     * @param image upright
     * @param box where in the image the part lies
     */
    record Part(Image image, Resize.Box box) {}

    /** In pixels, upright. */
    int width();

    /** In pixels, upright. */
    int height();

    /**
     * All pixels: what {@link ImageDecoder#decode} gives.
     *
     * @throws UnreadableImageException if it is no whole picture
     */
    Image decode() throws UnreadableImageException;

    /**
     * The part of {@code partWidth} x {@code partHeight} pixels whose upper left corner is at ({@code x}, {@code y}),
     * made for being resized to a given size. What lies outside is left out as far as the resizing does not look at it,
     * and pixels may be averaged in squares of two, four or eight, as long as no fewer of them are left than the size
     * has. Where they are not, resizing the box gives the very pixels that resizing the same part of
     * {@link #decode decode()} gives. Damage outside of the part may go unnoticed.
     *
     * @param width to which the part is going to be resized
     * @param height to which the part is going to be resized
     * @throws IndexOutOfBoundsException if the part does not lie inside the picture
     * @throws UnreadableImageException if it is no whole picture
     */
    Part decode(int x, int y, int partWidth, int partHeight, int width, int height, Interpolation interpolation)
            throws UnreadableImageException;

    /** Pixels that are decoded already. */
    static Picture of(Image image) {
        return new DecodedPicture(image);
    }
}
