package org.resnet4j.image.codec.webp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.resnet4j.image.Geometry;
import org.resnet4j.image.Image;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.codec.Metadata;
import org.resnet4j.image.codec.PixelLimit;

/**
 * A decoder of WebP: finds the bit stream of the picture (RFC 9649, section 2), or of an animation's first frame, and
 * decodes it with {@link Vp8Decoder} (lossy) or {@link Vp8lDecoder} (lossless). Color profiles are skipped; alpha is
 * checked and dropped. The orientation is read from the EXIF chunk, or from the XMP chunk.
 */
public final class WebpDecoder {
    private static final int FILE_HEADER_BYTES = 12;
    private static final int CHUNK_HEADER_BYTES = 8;
    private static final int FRAME_HEADER_BYTES = 16;
    private static final int EXTENDED_HEADER_BYTES = 10;
    private static final int FRAGMENTS_FLAG = 1;
    private static final int ANIMATION_FLAG = 2;
    private static final int EXIF_FLAG = 8;
    private static final int XMP_FLAG = 4;

    private final byte[] bytes;
    private final ByteBuffer riff;
    private final Metadata metadata = new Metadata();
    private int flags;
    private boolean animationHeader;
    private int canvasWidth;
    private int canvasHeight;
    private int left;
    private int top;
    private boolean lossless;
    private int pictureAt;
    private int pictureEnd;
    private int alphaAt;
    private int alphaEnd;

    private WebpDecoder(byte[] bytes) {
        this.bytes = bytes;
        this.riff = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    public static Image decode(byte[] bytes) throws MalformedImageException {
        return new WebpDecoder(bytes).decode();
    }

    private Image decode() throws MalformedImageException {
        long claimed = CHUNK_HEADER_BYTES + Integer.toUnsignedLong(riff.getInt(4));
        if (claimed > bytes.length) {
            throw MalformedImageException.truncated(ImageFormat.WEBP);
        }
        if (!startsWithPicture()) {
            throw new MalformedImageException("the WebP file does not begin with a picture or its header");
        }
        readChunks(FILE_HEADER_BYTES, (int) claimed, false);
        if (pictureAt == 0) {
            throw new MalformedImageException("the WebP file holds no picture");
        }
        return metadata.orientation().upright(onCanvas(decodePicture()));
    }

    private boolean startsWithPicture() {
        return ImageFormat.startsWith(bytes, FILE_HEADER_BYTES, "VP8 ")
                || ImageFormat.startsWith(bytes, FILE_HEADER_BYTES, "VP8L")
                || ImageFormat.startsWith(bytes, FILE_HEADER_BYTES, "VP8X");
    }

    private Image decodePicture() throws MalformedImageException {
        if (lossless) {
            return Vp8lDecoder.decode(bytes, pictureAt, pictureEnd);
        }
        Image picture = Vp8Decoder.decode(bytes, pictureAt, pictureEnd);
        if (alphaAt > 0) {
            checkAlpha(picture.width(), picture.height());
        }
        return picture;
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
        boolean found = pictureAt > 0;
        boolean losslessChunk = ImageFormat.startsWith(bytes, at, "VP8L");
        if (losslessChunk || ImageFormat.startsWith(bytes, at, "VP8 ")) {
            lossless = found ? lossless : losslessChunk;
            pictureEnd = found ? pictureEnd : content + length;
            pictureAt = found ? pictureAt : content;
        } else if (ImageFormat.startsWith(bytes, at, "ALPH")) {
            alphaEnd = found || alphaAt > 0 ? alphaEnd : content + length;
            alphaAt = found || alphaAt > 0 ? alphaAt : content;
        } else if (!inFrame) {
            readFileChunk(at, content, length);
        }
    }

    private void readFileChunk(int at, int content, int length) throws MalformedImageException {
        if (ImageFormat.startsWith(bytes, at, "VP8X") && length >= EXTENDED_HEADER_BYTES) {
            flags = bytes[content];
            if ((flags & FRAGMENTS_FLAG) != 0) {
                throw new MalformedImageException("fragmented WebP pictures are not supported");
            }
            canvasWidth = unsigned24(content + 4) + 1;
            canvasHeight = unsigned24(content + 7) + 1;
            PixelLimit.check(ImageFormat.WEBP, canvasWidth, canvasHeight);
        } else if (ImageFormat.startsWith(bytes, at, "ANIM")) {
            animationHeader = true;
        } else if (ImageFormat.startsWith(bytes, at, "ANMF") && length >= FRAME_HEADER_BYTES && pictureAt == 0) {
            if (!animationHeader) {
                throw new MalformedImageException("the WebP file has a frame, but no animation header");
            }
            left = 2 * unsigned24(content);
            top = 2 * unsigned24(content + 3);
            readChunks(content + FRAME_HEADER_BYTES, content + length, true);
        } else if (ImageFormat.startsWith(bytes, at, "EXIF") && (flags & EXIF_FLAG) != 0) {
            metadata.readExif(bytes, content, content + length);
        } else if (ImageFormat.startsWith(bytes, at, "XMP ") && (flags & XMP_FLAG) != 0) {
            metadata.readXmp(bytes, content, content + length);
        }
    }

    /** Rejects an alpha plane that is damaged or incomplete (RFC 9649, section 2.7.1.2). */
    private void checkAlpha(int width, int height) throws MalformedImageException {
        if (alphaAt == alphaEnd) {
            throw MalformedImageException.truncated(ImageFormat.WEBP);
        }
        int method = bytes[alphaAt] & 3;
        if (method > 1) {
            throw new MalformedImageException("the alpha plane of the WebP picture has an unknown compression");
        }
        if (method == 1) {
            Vp8lDecoder.checkAlpha(bytes, alphaAt + 1, alphaEnd, width, height);
        } else if (alphaEnd - alphaAt - 1 < (long) width * height) {
            throw MalformedImageException.truncated(ImageFormat.WEBP);
        }
    }

    /** Returns an animation's first frame on its canvas, which is black. */
    private Image onCanvas(Image picture) throws MalformedImageException {
        if (canvasWidth == 0) {
            return picture;
        }
        int width = picture.width();
        int height = picture.height();
        if (width == canvasWidth && height == canvasHeight) {
            return picture;
        }
        if ((flags & ANIMATION_FLAG) == 0) {
            throw new MalformedImageException("the WebP picture has " + width + "x" + height
                    + " pixels, but its header claims " + canvasWidth + "x" + canvasHeight);
        }
        if (left + width > canvasWidth || top + height > canvasHeight) {
            throw new MalformedImageException("the first WebP frame is outside its canvas");
        }
        return Geometry.pad(picture, left, top, canvasWidth - left - width, canvasHeight - top - height);
    }

    private int unsigned24(int at) {
        return riff.getShort(at) & 0xffff | (bytes[at + 2] & 0xff) << 16;
    }
}
