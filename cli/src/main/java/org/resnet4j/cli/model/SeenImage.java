package org.resnet4j.cli.model;

import org.resnet4j.image.Image;
import org.resnet4j.image.file.Picture;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.model.Model;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * An image as a network sees it.
 *
 * @param image the image, resized and cropped
 * @param input the same image as a normalized tensor, {@code [1, H, W, C]}
 */
public record SeenImage(Image image, Tensor input) {
    /**
     * Returns a picture as {@code predict} gives it to the network.
     *
     * @throws UnreadableImageException if it is not a complete picture
     */
    public static SeenImage of(Model model, Picture picture) throws UnreadableImageException {
        return of(model, picture, false);
    }

    /**
     * Returns a picture to be shown. A large JPEG file is decoded at a reduced size, so the pixels are close to those of
     * {@link #of}, but not the same.
     *
     * @throws UnreadableImageException if it is not a complete picture
     */
    public static SeenImage scaled(Model model, Picture picture) throws UnreadableImageException {
        return of(model, picture, true);
    }

    private static SeenImage of(Model model, Picture picture, boolean scaled) throws UnreadableImageException {
        Image seen = picture.prepare(model.transform(), scaled);
        var normalization = model.transform().normalization();
        Tensor input = Tensor.zeros(Shape.of(1, seen.height(), seen.width(), normalization.channels()));
        normalization.write(seen, input.array(), 0);
        return new SeenImage(seen, input);
    }
}
