package org.resnet4j.image.file;

import java.util.Objects;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Orientation;
import org.resnet4j.image.Resize;

/** A file of which only the headers were read, with pixels that are decoded from the first row on. */
sealed interface StoredPicture extends Picture permits PngPicture, WebpPicture {
    /** Returns the turn that makes the stored picture upright. */
    Orientation orientation();

    int storedWidth();

    int storedHeight();

    @Override
    default int width() {
        return orientation().swapsSides() ? storedHeight() : storedWidth();
    }

    @Override
    default int height() {
        return orientation().swapsSides() ? storedWidth() : storedHeight();
    }

    @Override
    default Part decode(int x, int y, int partWidth, int partHeight, int width, int height, Interpolation interpolation)
            throws UnreadableImageException {
        Objects.checkFromIndexSize(x, partWidth, width());
        Objects.checkFromIndexSize(y, partHeight, height());
        return new Part(decode(), new Resize.Box(x, y, x + partWidth, y + partHeight));
    }
}
