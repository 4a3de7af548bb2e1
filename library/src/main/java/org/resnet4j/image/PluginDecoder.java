package org.resnet4j.image;

import java.io.IOException;

/** Decodes the first picture of a file by an ImageIO reader and turns it into RGB. */
final class PluginDecoder {
    private PluginDecoder() {}

    static Image decode(ImageFormat format, byte[] bytes, int length) throws IOException {
        return ImageReaders.read(format, bytes, length, reader -> {
            PixelLimit.check(format, reader.getWidth(0), reader.getHeight(0));
            return Rasters.toRgb(reader.read(0));
        });
    }
}
