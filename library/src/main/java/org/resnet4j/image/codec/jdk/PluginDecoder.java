package org.resnet4j.image.codec.jdk;

import java.io.IOException;
import org.resnet4j.image.Image;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.PixelLimit;

/** A decoder of the first picture of a file that uses an ImageIO reader and converts to RGB. */
public final class PluginDecoder {
    private PluginDecoder() {}

    public static Image decode(ImageFormat format, byte[] bytes, int length) throws IOException {
        return ImageReaders.read(format, bytes, length, reader -> {
            PixelLimit.check(format, reader.getWidth(0), reader.getHeight(0));
            return Image.of(reader.read(0));
        });
    }
}
