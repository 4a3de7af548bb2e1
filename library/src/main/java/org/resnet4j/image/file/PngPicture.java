package org.resnet4j.image.file;

import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Orientation;
import org.resnet4j.image.codec.png.PngDecoder;
import org.resnet4j.image.codec.png.PngFile;

/** A PNG file of which only the chunks were checked. */
record PngPicture(PngFile file, String origin) implements StoredPicture {
    @Override
    public Orientation orientation() {
        return file.orientation();
    }

    @Override
    public int storedWidth() {
        return file.width();
    }

    @Override
    public int storedHeight() {
        return file.height();
    }

    @Override
    public Image decode() throws UnreadableImageException {
        return ImageDecoder.decode(file, origin);
    }

    @Override
    public Image prepare(EvaluationTransform transform, boolean scaled) throws UnreadableImageException {
        return new StreamedSquare(this, orientation(), transform, 1)
                .read((region, rows) -> PngDecoder.decode(file, region, rows));
    }
}
