package org.resnet4j;

import java.nio.file.Path;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.image.file.Picture;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.tensor.Tensor;

/**
 * The way from a picture to the input of a network.
 *
 * @param scaled true to decode JPEG files at a reduced size, as {@link Picture#prepare} does
 */
record Preparation(EvaluationTransform transform, boolean scaled) {
    /** The name of a picture that has none, in messages. */
    static final String UNNAMED = "the picture";

    /** Returns the input {@code [1, size, size, channels]} of an image. */
    Tensor of(Image image) {
        return tensor(transform.apply(image));
    }

    /** Returns the input {@code [1, size, size, channels]} of a picture. */
    Tensor of(Picture picture) throws UnreadableImageException {
        return tensor(picture.prepare(transform, scaled));
    }

    /** Returns the square that the network sees of a file. */
    Image prepare(Path file) throws UnreadableImageException {
        return ImageDecoder.prepare(file, transform, scaled);
    }

    private Tensor tensor(Image prepared) {
        int channels = transform.normalization().channels();
        Tensor input = Tensor.zeros(1, prepared.height(), prepared.width(), channels);
        transform.normalization().write(prepared, input.array(), 0);
        return input;
    }
}
