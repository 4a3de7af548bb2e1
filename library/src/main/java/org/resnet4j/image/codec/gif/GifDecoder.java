package org.resnet4j.image.codec.gif;

import java.util.Arrays;
import org.resnet4j.image.Image;
import org.resnet4j.image.codec.ColorTable;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.codec.PixelLimit;

/**
 * A decoder of the first frame of a GIF file, on a screen of the declared size (GIF89a specification, sections 18 to
 * 23). If the frame is smaller than the screen, the rest has the frame's transparent color, or color 0, as in Pillow.
 */
public final class GifDecoder {
    private static final int EXTENSION = 0x21;
    private static final int FRAME = 0x2c;
    private static final int TRAILER = 0x3b;
    private static final int GRAPHIC_CONTROL = 0xf9;
    private static final int HEADER_BYTES = 13;
    private static final int INTERLACED = 0x40;

    /** The rows of an interlaced frame are stored in four passes. */
    private static final int[] PASS_STARTS = {0, 4, 2, 1};

    private static final int[] PASS_STEPS = {8, 8, 4, 2};

    private final byte[] bytes;
    private int at = HEADER_BYTES;
    private ColorTable colors = ColorTable.of(new byte[0]);
    private int transparent;

    private GifDecoder(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Image decode(byte[] bytes) throws MalformedImageException {
        return new GifDecoder(bytes).decode();
    }

    private Image decode() throws MalformedImageException {
        readColorTable(10);
        findFrame();
        int left = unsignedShort(at + 1);
        int top = unsignedShort(at + 3);
        int frameWidth = unsignedShort(at + 5);
        int frameHeight = unsignedShort(at + 7);
        int flagsAt = at + 9;
        at += 10;
        readColorTable(flagsAt);
        int width = Math.max(unsignedShort(6), left + frameWidth);
        int height = Math.max(unsignedShort(8), top + frameHeight);
        PixelLimit.check(ImageFormat.GIF, width, height);
        PixelLimit.check(ImageFormat.GIF, frameWidth, frameHeight);
        byte[] frame = GifPixels.read(bytes, at, frameWidth * frameHeight);
        byte[] screen = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        if (frame.length < width * height) {
            for (int i = 0; i < screen.length; i += 3) {
                colors.write(transparent, screen, i);
            }
        }
        int[] rows = (unsignedByte(flagsAt) & INTERLACED) != 0 ? interlaced(frameHeight) : inOrder(frameHeight);
        for (int i = 0, from = 0; i < frameHeight; i++) {
            int to = ((top + rows[i]) * width + left) * 3;
            for (int x = 0; x < frameWidth; x++, to += 3) {
                colors.write(frame[from++] & 0xff, screen, to);
            }
        }
        return new Image(width, height, 3, screen);
    }

    /** Skips extensions and stray bytes up to the first frame. */
    private void findFrame() throws MalformedImageException {
        for (int block = unsignedByte(at); block != FRAME; block = unsignedByte(at)) {
            if (block == TRAILER) {
                throw new MalformedImageException("the GIF file holds no picture");
            }
            if (block == EXTENSION) {
                skipExtension();
            } else {
                at++;
            }
        }
    }

    /** Reads the color table if the flags at {@code flagsAt} announce one. */
    private void readColorTable(int flagsAt) throws MalformedImageException {
        int flags = unsignedByte(flagsAt);
        if ((flags & 0x80) == 0) {
            return;
        }
        int size = 3 << (flags & 7) + 1;
        if (size > bytes.length - at) {
            throw MalformedImageException.truncated(ImageFormat.GIF);
        }
        colors = ColorTable.of(Arrays.copyOfRange(bytes, at, at + size));
        at += size;
    }

    private static int[] inOrder(int height) {
        int[] rows = new int[height];
        for (int i = 0; i < height; i++) {
            rows[i] = i;
        }
        return rows;
    }

    private static int[] interlaced(int height) {
        int[] rows = new int[height];
        int i = 0;
        for (int pass = 0; pass < PASS_STARTS.length; pass++) {
            for (int y = PASS_STARTS[pass]; y < height; y += PASS_STEPS[pass]) {
                rows[i++] = y;
            }
        }
        return rows;
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
