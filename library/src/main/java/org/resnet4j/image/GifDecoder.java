package org.resnet4j.image;

import java.io.IOException;

/**
 * GIF: the first frame, on a screen of the size that the file declares (GIF89a specification, sections 18 to 23). Where
 * the frame is smaller than the screen, the rest has the frame's transparent color, or color 0, as in Pillow.
 */
final class GifDecoder {
    private static final int EXTENSION = 0x21;
    private static final int FRAME = 0x2c;
    private static final int GRAPHIC_CONTROL = 0xf9;
    private static final int HEADER_BYTES = 13;

    private final byte[] bytes;
    private int at = HEADER_BYTES;
    private int paletteAt = -1;
    private int transparent;

    private GifDecoder(byte[] bytes) {
        this.bytes = bytes;
    }

    static Image decode(byte[] bytes) throws IOException {
        return new GifDecoder(bytes).decode();
    }

    private Image decode() throws IOException {
        skipColorTable(10);
        while (unsignedByte(at) == EXTENSION) {
            skipExtension();
        }
        if (unsignedByte(at) != FRAME) {
            throw new MalformedImageException("the GIF file holds no picture");
        }
        int left = unsignedShort(at + 1);
        int top = unsignedShort(at + 3);
        int frameWidth = unsignedShort(at + 5);
        int frameHeight = unsignedShort(at + 7);
        int flagsAt = at + 9;
        at += 10;
        skipColorTable(flagsAt);
        int width = Math.max(unsignedShort(6), left + frameWidth);
        int height = Math.max(unsignedShort(8), top + frameHeight);
        PixelLimit.check(ImageFormat.GIF, width, height);
        Image frame = PluginDecoder.decode(ImageFormat.GIF, bytes, bytes.length);
        if (frame.width() == width && frame.height() == height) {
            return frame;
        }
        return onScreen(frame, left, top, width, height);
    }

    private Image onScreen(Image frame, int left, int top, int width, int height) throws MalformedImageException {
        byte[] screen = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        if (paletteAt >= 0) {
            int color = paletteAt + 3 * transparent;
            byte[] background = {
                (byte) unsignedByte(color), (byte) unsignedByte(color + 1), (byte) unsignedByte(color + 2)
            };
            for (int i = 0; i < screen.length; i += 3) {
                System.arraycopy(background, 0, screen, i, 3);
            }
        }
        for (int y = 0; y < frame.height(); y++) {
            System.arraycopy(
                    frame.samples(), y * frame.width() * 3, screen, ((top + y) * width + left) * 3, frame.width() * 3);
        }
        return new Image(width, height, 3, screen);
    }

    /** Passes over the color table that the flags at {@code flagsAt} announce, if they do. */
    private void skipColorTable(int flagsAt) throws MalformedImageException {
        int flags = unsignedByte(flagsAt);
        if ((flags & 0x80) != 0) {
            paletteAt = at;
            at += 3 << (flags & 7) + 1;
        }
    }

    private void skipExtension() throws MalformedImageException {
        if (unsignedByte(at + 1) == GRAPHIC_CONTROL && (unsignedByte(at + 3) & 1) != 0) {
            transparent = unsignedByte(at + 6);
        }
        at += 2;
        int block;
        do {
            block = unsignedByte(at);
            at += 1 + block;
        } while (block != 0);
    }

    private int unsignedByte(int index) throws MalformedImageException {
        if (index >= bytes.length) {
            throw MalformedImageException.truncated(ImageFormat.GIF);
        }
        return bytes[index] & 0xff;
    }

    private int unsignedShort(int index) throws MalformedImageException {
        return unsignedByte(index) | unsignedByte(index + 1) << 8;
    }
}
