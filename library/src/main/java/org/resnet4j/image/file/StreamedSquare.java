package org.resnet4j.image.file;

import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Orientation;
import org.resnet4j.image.codec.DecodingMemory;
import org.resnet4j.image.filter.CenterCrop;
import org.resnet4j.image.filter.ResizedRows;
import org.resnet4j.image.filter.Taps;
import org.resnet4j.image.sample.PixelRows;
import org.resnet4j.image.sample.Region;

/**
 * The square that a network sees of a picture, resized while the rows of the picture are decoded.
 *
 * @param picture the picture, which is decoded as a whole where its rows cannot be resized one by one
 * @param orientation the turn that makes the stored picture upright
 * @param reduction the factor by which the rows are smaller than the picture
 */
record StreamedSquare(Picture picture, Orientation orientation, EvaluationTransform transform, int reduction) {
    /** A decoder of the rows of a part of the stored picture. */
    interface Reading {
        /** Passes on the rows; returns false if the picture has to be decoded as a whole. */
        boolean read(Region region, PixelRows rows) throws UnreadableImageException;
    }

    /** Reads the square within the memory that all threads share for decoding. */
    Image read(Reading reading) throws UnreadableImageException {
        try (var _ = DecodingMemory.open()) {
            return resize(reading);
        }
    }

    private Image resize(Reading reading) throws UnreadableImageException {
        int side = transform.inputSize();
        int width = picture.width();
        int height = picture.height();
        boolean kept = transform.keepMatching() && width == side && height == side;
        if (kept || side > transform.resizeSize()) {
            return transform.apply(picture.decode());
        }
        var crop = CenterCrop.of(width, height, transform.resizeSize(), side);
        Interpolation interpolation = transform.interpolation();
        int channels = transform.normalization().channels();
        var rows = new ResizedRows(
                crop.across(Math.ceilDiv(width, reduction), 0, (float) width / reduction),
                crop.down(Math.ceilDiv(height, reduction), 0, (float) height / reduction),
                new Taps.Filter(interpolation.support(), interpolation::weight),
                new ResizedRows.Turn(orientation.swapsSides(), orientation.mirrorsColumns(), orientation.mirrorsRows()),
                channels);
        return reading.read(rows.region(), rows)
                ? new Image(side, side, channels, rows.samples())
                : transform.apply(picture.decode());
    }
}
