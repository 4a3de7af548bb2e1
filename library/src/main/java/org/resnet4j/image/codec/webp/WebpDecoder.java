package org.resnet4j.image.codec.webp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.resnet4j.image.Geometry;
import org.resnet4j.image.Image;
import org.resnet4j.image.Orientation;
import org.resnet4j.image.codec.DecodingMemory;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.InterleavedRows;
import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.codec.Metadata;
import org.resnet4j.image.codec.PixelLimit;
import org.resnet4j.image.sample.PixelRows;
import org.resnet4j.image.sample.Region;

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

    /**
     * Memory for a pixel: of lossless pixels, of lossy planes, of alpha while it is checked, and of an image that is
     * turned or moved.
     */
    private static final int LOSSLESS_BYTES = 4;

    private static final int PLANE_BYTES = 2;

    private static final int ALPHA_BYTES = 6;
    private static final int IMAGE_BYTES = 8;

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

    /** The size of the stored picture. */
    private int width;

    private int height;
    private int pictureAt;
    private int pictureEnd;
    private int alphaAt;
    private int alphaEnd;

    private WebpDecoder(byte[] bytes) {
        this.bytes = bytes;
        this.riff = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Finds the picture in a file.
     *
     * @param bytes the whole file; retained, not copied
     */
    public static WebpDecoder open(byte[] bytes) throws MalformedImageException {
        var decoder = new WebpDecoder(bytes);
        decoder.readFile();
        return decoder;
    }

    private void readFile() throws MalformedImageException {
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
        if (lossless) {
            var header = Vp8lDecoder.open(bytes, pictureAt, pictureEnd);
            width = header.width();
            height = header.height();
        } else {
            var header = new Vp8Header(bytes, pictureAt, pictureEnd);
            width = header.width;
            height = header.height;
        }
    }

    /** Decodes the upright picture. */
    public Image decode() throws MalformedImageException {
        return metadata.orientation().upright(onCanvas(decodePicture()));
    }

    /** Returns true if {@link #decode(Region, PixelRows)} decodes this picture. */
    public boolean hasRows() {
        return canvasWidth == 0 || canvasWidth == width && canvasHeight == height;
    }

    /** Passes on the rows of a part of the stored picture, after the whole picture has been read. */
    public void decode(Region part, PixelRows rows) throws MalformedImageException {
        int bytesPerPixel = lossless ? LOSSLESS_BYTES : alphaAt > 0 ? PLANE_BYTES + ALPHA_BYTES : PLANE_BYTES;
        DecodingMemory.reserve((long) width * height * bytesPerPixel);
        read(part, rows);
    }

    /** Returns the width of the stored picture. */
    public int width() {
        return width;
    }

    /** Returns the height of the stored picture. */
    public int height() {
        return height;
    }

    /** Returns the turn that makes the stored picture upright. */
    public Orientation orientation() {
        return metadata.orientation();
    }

    private boolean startsWithPicture() {
        return ImageFormat.startsWith(bytes, FILE_HEADER_BYTES, "VP8 ")
                || ImageFormat.startsWith(bytes, FILE_HEADER_BYTES, "VP8L")
                || ImageFormat.startsWith(bytes, FILE_HEADER_BYTES, "VP8X");
    }

    private Image decodePicture() throws MalformedImageException {
        int bytesPerPixel = lossless ? LOSSLESS_BYTES + IMAGE_BYTES : IMAGE_BYTES;
        DecodingMemory.reserve((long) Math.max(width, canvasWidth) * Math.max(height, canvasHeight) * bytesPerPixel);
        var rows = new InterleavedRows(width, height);
        read(new Region(0, 0, width, height), rows);
        return rows.image();
    }

    private void read(Region part, PixelRows rows) throws MalformedImageException {
        if (lossless) {
            Vp8lDecoder.open(bytes, pictureAt, pictureEnd).pass(part, rows);
            return;
        }
        Vp8Decoder decoder = Vp8Decoder.decode(bytes, pictureAt, pictureEnd);
        if (alphaAt > 0) {
            checkAlpha();
        }
        decoder.pass(part, rows);
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
            PixelLimit.checkSize(ImageFormat.WEBP, canvasWidth, canvasHeight);
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
    private void checkAlpha() throws MalformedImageException {
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
        int frameWidth = picture.width();
        int frameHeight = picture.height();
        if (frameWidth == canvasWidth && frameHeight == canvasHeight) {
            return picture;
        }
        if ((flags & ANIMATION_FLAG) == 0) {
            throw new MalformedImageException("the WebP picture has " + frameWidth + "x" + frameHeight
                    + " pixels, but its header claims " + canvasWidth + "x" + canvasHeight);
        }
        if (left + frameWidth > canvasWidth || top + frameHeight > canvasHeight) {
            throw new MalformedImageException("the first WebP frame is outside its canvas");
        }
        return Geometry.pad(picture, left, top, canvasWidth - left - frameWidth, canvasHeight - top - frameHeight);
    }

    private int unsigned24(int at) {
        return riff.getShort(at) & 0xffff | (bytes[at + 2] & 0xff) << 16;
    }
}
