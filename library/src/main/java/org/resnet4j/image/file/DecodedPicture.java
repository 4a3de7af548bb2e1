package org.resnet4j.image.file;

import java.util.Objects;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Resize;

/** A picture that has been decoded already. */
record DecodedPicture(Image image) implements Picture {
    @Override
    public int width() {
        return image.width();
    }

    @Override
    public int height() {
        return image.height();
    }

    @Override
    public Image decode() {
        return image;
    }

    @Override
    public Image prepare(EvaluationTransform transform, boolean scaled) {
        return transform.apply(image);
    }

    @Override
    public Part decode(
            int x, int y, int partWidth, int partHeight, int width, int height, Interpolation interpolation) {
        Objects.checkFromIndexSize(x, partWidth, image.width());
        Objects.checkFromIndexSize(y, partHeight, image.height());
        return new Part(image, new Resize.Box(x, y, x + partWidth, y + partHeight));
    }
}
