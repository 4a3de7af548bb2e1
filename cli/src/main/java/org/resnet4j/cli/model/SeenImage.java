package org.resnet4j.cli.model;

import org.resnet4j.image.Image;
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
    public static SeenImage of(Model model, Image image) {
        Image seen = model.transform().apply(image);
        var normalization = model.transform().normalization();
        Tensor input = Tensor.zeros(Shape.of(1, seen.height(), seen.width(), normalization.channels()));
        normalization.write(seen, input.array(), 0);
        return new SeenImage(seen, input);
    }
}
