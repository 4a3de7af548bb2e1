package org.resnet4j.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Decodes picture files to upright 8-bit RGB: what Pillow's {@code exif_transpose(Image.open(file)).convert("RGB")}
 * gives.
 *
 * <p>JPEG (baseline and progressive; grey, YCbCr, RGB, CMYK), PNG, BMP, GIF, WebP and TIFF, told apart by their
 * content. Grey becomes three equal channels; alpha is dropped, not composited; palettes are looked up; of 16-bit
 * samples the upper byte stays; of animations and multi-page files the first picture; color profiles are ignored; the
 * EXIF orientation is applied. How many pictures are decoded at once depends on their size and on the heap ({@link
 * DecodingMemory}); that memory is short is an {@link OutOfMemoryError}, never a property of a picture. A picture of more than 89,478,485 pixels (Pillow's limit) is refused before anything is
 * allocated for it, and a truncated one is refused, not filled up.
 *
 * <p>The pixels are Pillow's bit for bit, except 16-bit grey, which Pillow cuts off at 255, and palettes of TIFF files
 * (one level, where they are not multiples of 257). All methods are safe to call from many threads.
 */
public final class ImageDecoder {
    private static final long MAX_FILE_BYTES = Integer.MAX_VALUE - 8L;

    /** What libjpeg says, which takes memory outside of the heap. */
    private static final String NATIVE_SHORTAGE = "Insufficient memory (case";

    private ImageDecoder() {}

    /**
     * Decodes a file.
     *
     * @throws UnreadableImageException if it cannot be read, or is no whole picture in one of the formats
     */
    public static Image decode(Path file) throws UnreadableImageException {
        byte[] bytes;
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new UnreadableImageException(file.toString(), "the file is larger than 2 GiB");
            }
            bytes = Files.readAllBytes(file);
        } catch (UnreadableImageException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new UnreadableImageException(file.toString(), "no such file", e);
        } catch (IOException e) {
            String reason = Files.isDirectory(file) ? "is a directory" : "cannot be read (" + describe(e) + ")";
            throw new UnreadableImageException(file.toString(), reason, e);
        }
        return decode(bytes, file.toString());
    }

    /**
     * Decodes the content of a file.
     *
     * @param bytes the whole file; not kept
     * @param origin where it came from, for messages
     * @throws UnreadableImageException if it is no whole picture in one of the formats
     */
    public static Image decode(byte[] bytes, String origin) throws UnreadableImageException {
        return decoding(bytes, origin, format -> switch (format) {
            case JPEG -> JpegDecoder.decode(bytes);
            case PNG -> PngDecoder.decode(bytes);
            case GIF -> GifDecoder.decode(bytes);
            case WEBP -> WebpDecoder.decode(bytes);
            case BMP -> BmpDecoder.decode(bytes);
            case TIFF ->
                Exif.orientation(bytes, 0, bytes.length).upright(PluginDecoder.decode(format, bytes, bytes.length));
        });
    }

    /**
     * Reads the header of a JPEG file, and leaves its pixels for later; other formats are decoded.
     *
     * @param bytes the whole file; kept, not copied
     * @param origin where it came from, for messages
     * @throws UnreadableImageException if it is no picture in one of the formats
     */
    public static Picture open(byte[] bytes, String origin) throws UnreadableImageException {
        if (ImageFormat.sniff(bytes) != ImageFormat.JPEG) {
            return Picture.of(decode(bytes, origin));
        }
        return decoding(bytes, origin, format -> {
            JpegHeader header = JpegHeader.parse(bytes);
            PixelLimit.checkSize(format, header.width(), header.height());
            return new JpegPicture(bytes, origin, header);
        });
    }

    /** What is done to a file of a known format. */
    private interface Decoding<T> {
        T decode(ImageFormat format) throws IOException;
    }

    private static <T> T decoding(byte[] bytes, String origin, Decoding<T> decoding) throws UnreadableImageException {
        ImageFormat format = ImageFormat.sniff(bytes);
        if (format == null) {
            throw new UnreadableImageException(origin, ImageFormat.describeUnknown(bytes));
        }
        try (var _ = DecodingMemory.open()) {
            return decoding.decode(format);
        } catch (MalformedImageException e) {
            throw new UnreadableImageException(origin, String.valueOf(e.getMessage()), e);
        } catch (EOFException e) {
            throw new UnreadableImageException(
                    origin, "the " + format.label() + " data ends early: the file is truncated", e);
        } catch (IOException | RuntimeException e) {
            requireMemory(e);
            throw new UnreadableImageException(
                    origin, "the " + format.label() + " data is damaged or truncated (" + describe(e) + ")", e);
        }
    }

    /** Throws what a reader wrapped: that memory was short says nothing of the picture. */
    private static void requireMemory(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError shortage) {
                throw shortage;
            }
            String message = cause.getMessage();
            if (message != null && message.startsWith(NATIVE_SHORTAGE)) {
                throw new OutOfMemoryError(message);
            }
        }
    }

    private static String describe(Exception e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }
}
