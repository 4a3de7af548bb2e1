package org.resnet4j.image.file;

import java.util.Objects;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Resize;
import org.resnet4j.image.codec.png.PngDecoder;
import org.resnet4j.image.codec.png.PngFile;

/** A PNG file of which only the chunks were checked. */
record PngPicture(PngFile file, String origin) implements Picture {
    @Override
    public int width() {
        return file.orientation().swapsSides() ? file.height() : file.width();
    }

    @Override
    public int height() {
        return file.orientation().swapsSides() ? file.width() : file.height();
    }

    @Override
    public Image decode() throws UnreadableImageException {
        return ImageDecoder.decode(file, origin);
    }

    @Override
    public Image prepare(EvaluationTransform transform, boolean scaled) throws UnreadableImageException {
        return new StreamedSquare(this, file.orientation(), transform, 1)
                .read((region, rows) ->
                        PngDecoder.decode(file, region.x(), region.y(), region.width(), region.height(), rows));
    }

    @Override
    public Part decode(int x, int y, int partWidth, int partHeight, int width, int height, Interpolation interpolation)
            throws UnreadableImageException {
        Objects.checkFromIndexSize(x, partWidth, width());
        Objects.checkFromIndexSize(y, partHeight, height());
        return new Part(decode(), new Resize.Box(x, y, x + partWidth, y + partHeight));
    }
}
