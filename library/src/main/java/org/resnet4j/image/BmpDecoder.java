package org.resnet4j.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** BMP by the JDK's reader; the size is checked first, here, because that reader allocates by it (BITMAPINFOHEADER). */
final class BmpDecoder {
    private static final int INFO_AT = 14;
    private static final int CORE_HEADER_BYTES = 12;
    private static final int SMALLEST_FILE = INFO_AT + CORE_HEADER_BYTES;

    private BmpDecoder() {}

    static Image decode(byte[] bytes) throws IOException {
        if (bytes.length < SMALLEST_FILE) {
            throw MalformedImageException.truncated(ImageFormat.BMP);
        }
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (header.getInt(INFO_AT) == CORE_HEADER_BYTES) {
            PixelLimit.check(
                    ImageFormat.BMP,
                    Short.toUnsignedInt(header.getShort(INFO_AT + 4)),
                    Short.toUnsignedInt(header.getShort(INFO_AT + 6)));
        } else {
            // A negative height means rows from the top.
            PixelLimit.check(ImageFormat.BMP, header.getInt(INFO_AT + 4), Math.abs((long) header.getInt(INFO_AT + 8)));
        }
        return PluginDecoder.decode(ImageFormat.BMP, bytes, bytes.length);
    }
}
