package org.resnet4j.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * WebP: finds the picture's bit stream (RFC 9649, section 2), or that of an animation's first frame, and hands it alone
 * to {@link Vp8Decoder} (lossy) or the TwelveMonkeys reader (lossless): color profiles and alpha planes stay outside.
 * The orientation is taken from the EXIF chunk.
 */
final class WebpDecoder {
    private static final int FILE_HEADER_BYTES = 12;
    private static final int CHUNK_HEADER_BYTES = 8;
    private static final int FRAME_HEADER_BYTES = 16;

    /** The reader for the lossless format looks that far ahead, even at the end. */
    private static final int LOOK_AHEAD_BYTES = 16;

    private final byte[] bytes;
    private final ByteBuffer riff;
    private int canvasWidth;
    private int canvasHeight;
    private int left;
    private int top;
    private Orientation orientation = Orientation.UPRIGHT;
    private int lossyAt;
    private int lossyEnd;
    private byte @Nullable [] simpleFile;

    private WebpDecoder(byte[] bytes) {
        this.bytes = bytes;
        this.riff = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static Image decode(byte[] bytes) throws IOException {
        return new WebpDecoder(bytes).decode();
    }

    private Image decode() throws IOException {
        long claimed = CHUNK_HEADER_BYTES + Integer.toUnsignedLong(riff.getInt(4));
        if (claimed > bytes.length) {
            throw MalformedImageException.truncated(ImageFormat.WEBP);
        }
        readChunks(FILE_HEADER_BYTES, (int) claimed, false);
        if (lossyAt > 0) {
            return orientation.upright(onCanvas(Vp8Decoder.decode(bytes, lossyAt, lossyEnd)));
        }
        if (simpleFile == null) {
            throw new MalformedImageException("the WebP file holds no picture");
        }
        Image picture = PluginDecoder.decode(ImageFormat.WEBP, simpleFile, simpleFile.length);
        return orientation.upright(onCanvas(picture));
    }

    private void readChunks(int start, int end, boolean inFrame) throws MalformedImageException {
        for (int at = start; end - at >= CHUNK_HEADER_BYTES; ) {
            int content = at + CHUNK_HEADER_BYTES;
            long length = Integer.toUnsignedLong(riff.getInt(at + 4));
            if (length > end - content) {
                throw MalformedImageException.truncated(ImageFormat.WEBP);
            }
            readChunk(at, content, (int) length, inFrame);
            at = content + (int) Math.min(length + (length & 1), end - content);
        }
    }

    private void readChunk(int at, int content, int length, boolean inFrame) throws MalformedImageException {
        boolean found = lossyAt > 0 || simpleFile != null;
        if (ImageFormat.startsWith(bytes, at, "VP8 ")) {
            lossyAt = found ? lossyAt : content;
            lossyEnd = found ? lossyEnd : content + length;
        } else if (ImageFormat.startsWith(bytes, at, "VP8L")) {
            simpleFile = found ? simpleFile : wrap(at, CHUNK_HEADER_BYTES + length);
        } else if (inFrame) {
            return;
        } else if (ImageFormat.startsWith(bytes, at, "VP8X") && length >= 10) {
            canvasWidth = unsigned24(content + 4) + 1;
            canvasHeight = unsigned24(content + 7) + 1;
            PixelLimit.check(ImageFormat.WEBP, canvasWidth, canvasHeight);
        } else if (ImageFormat.startsWith(bytes, at, "ANMF") && length >= FRAME_HEADER_BYTES && !found) {
            left = 2 * unsigned24(content);
            top = 2 * unsigned24(content + 3);
            readChunks(content + FRAME_HEADER_BYTES, content + length, true);
        } else if (ImageFormat.startsWith(bytes, at, "EXIF")) {
            int prefix = ImageFormat.startsWith(bytes, content, "Exif\0\0") ? 6 : 0;
            orientation = Exif.orientation(bytes, content + prefix, content + length);
        }
    }

    /** A WebP file of this one chunk, and some zeros for readers that look ahead. */
    private byte[] wrap(int at, int length) {
        int padding = length & 1;
        var file = ByteBuffer.allocate(FILE_HEADER_BYTES + length + padding + LOOK_AHEAD_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        file.put(bytes, 0, 4).putInt(4 + length + padding).put(bytes, 8, 4).put(bytes, at, length);
        return file.array();
    }

    /** An animation's first frame on its canvas, which is black. */
    private Image onCanvas(Image picture) throws MalformedImageException {
        if (canvasWidth == 0 || picture.width() == canvasWidth && picture.height() == canvasHeight) {
            return picture;
        }
        if (left + picture.width() > canvasWidth || top + picture.height() > canvasHeight) {
            throw new MalformedImageException("the first WebP frame lies outside of its canvas");
        }
        return Geometry.pad(
                picture, left, top, canvasWidth - left - picture.width(), canvasHeight - top - picture.height());
    }

    private int unsigned24(int at) {
        return riff.getShort(at) & 0xffff | (bytes[at + 2] & 0xff) << 16;
    }
}
