package org.resnet4j.image.file;

import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Resize;

/**
 * A picture whose decoding may be deferred, so that no more of it is decoded than needed. {@link ImageDecoder#open}
 * creates it from a file's content, {@link #of} from decoded pixels. Thread-safe.
 *
 * @since 0.1.0
 */
public sealed interface Picture permits DecodedPicture, JpegPicture, StoredPicture {
    /**
     * An image that contains a part of a picture.
     *
     * @param image the upright image
     * @param box the position of the part in the image
     */
    record Part(Image image, Resize.Box box) {}

    /** Returns the width of the upright picture in pixels. */
    int width();

    /** Returns the height of the upright picture in pixels. */
    int height();

    /**
     * Returns all pixels, as {@link ImageDecoder#decode} does.
     *
     * @throws UnreadableImageException if it is not a complete picture
     */
    Image decode() throws UnreadableImageException;

    /**
     * Returns the part of {@code partWidth} x {@code partHeight} pixels with its upper left corner at ({@code x},
     * {@code y}), prepared for resizing to a given size. Pixels outside that the resizing does not read are left out.
     * Pixels may be averaged in squares of two, four or eight, as long as at least as many remain as the size has. If
     * they are not averaged, resizing the box gives exactly the pixels of resizing the same part of {@link #decode
     * decode()}. Damage outside the part may go unnoticed.
     *
     * @param width the width after resizing
     * @param height the height after resizing
     * @throws IndexOutOfBoundsException if the part is not inside the picture
     * @throws UnreadableImageException if it is not a complete picture
     */
    Part decode(int x, int y, int partWidth, int partHeight, int width, int height, Interpolation interpolation)
            throws UnreadableImageException;

    /**
     * Returns the square that a network sees of this picture: {@code transform.apply(decode())}, bit for bit. The rows
     * of a JPEG, PNG or WebP file are resized as they are decoded, so that the whole picture is never in memory,
     * except for unusual files.
     *
     * @param scaled true to decode a JPEG file at a half, a quarter or an eighth of its size, as long as its shorter
     *     side keeps twice the {@linkplain EvaluationTransform#resizeSize size} before cropping. This is faster, and
     *     the pixels are close, but not the same.
     * @throws UnreadableImageException if it is not a complete picture
     */
    Image prepare(EvaluationTransform transform, boolean scaled) throws UnreadableImageException;

    /** Returns a picture of decoded pixels. */
    static Picture of(Image image) {
        return new DecodedPicture(image);
    }
}
