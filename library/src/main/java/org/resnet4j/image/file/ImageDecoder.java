package org.resnet4j.image.file;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.codec.DecodingMemory;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.codec.bmp.BmpDecoder;
import org.resnet4j.image.codec.gif.GifDecoder;
import org.resnet4j.image.codec.jpeg.JpegDecoder;
import org.resnet4j.image.codec.jpeg.JpegHeader;
import org.resnet4j.image.codec.png.PngDecoder;
import org.resnet4j.image.codec.png.PngFile;
import org.resnet4j.image.codec.tiff.TiffDecoder;
import org.resnet4j.image.codec.webp.WebpDecoder;
import org.resnet4j.image.sample.PixelRows;
import org.resnet4j.image.sample.Region;

/**
 * A decoder of picture files to upright 8-bit RGB, like Pillow's
 * {@code exif_transpose(Image.open(file)).convert("RGB")}.
 *
 * <p>The formats are JPEG (baseline and progressive; gray, YCbCr, RGB, CMYK; frames of Motion JPEG without their
 * Huffman tables), PNG, BMP (of Windows and OS/2, with run lengths and color masks), GIF, WebP (lossy and lossless) and
 * TIFF, recognized by their content. Gray becomes three equal channels; alpha is dropped, not composited; palettes are
 * looked up; 16-bit samples give their upper byte; animations and multi-page files give their first picture; color
 * profiles are ignored. The orientation of EXIF is applied, or that of XMP if EXIF has none. HEIC and AVIF are not
 * supported.
 *
 * <p>Pixels in memory need no decoder: {@link Image#of} takes a {@link java.awt.image.BufferedImage}.
 *
 * <p>The number of pictures decoded at the same time depends on their size and on the heap ({@link DecodingMemory}). A
 * lack of memory is an {@link OutOfMemoryError}, never a property of a picture.
 *
 * <p>A truncated picture is rejected; missing pixels are never filled in. So is a picture with visible damage: wrong
 * checksums before and in the pixels of PNG files, undefined codes, misplaced markers, missing scans. Data after the
 * picture is ignored.
 *
 * <p>Time and memory are linear in the numbers of bytes and pixels, within these limits: 89,478,485 pixels (Pillow's
 * limit); 500 scans of a JPEG file, and with more than 20 scans, four times that number of pixels over all of them;
 * 16,777,216 symbols in the prefix codes of a lossless WebP file; 1 MiB in a text of a PNG file that may hold an
 * orientation, 64 MiB in all of them. They are checked before pixels are allocated; so is, where possible, that the
 * data is long enough.
 *
 * <p>The pixels are bit for bit Pillow's, except 16-bit gray, which Pillow truncates at 255, and some BMP files that
 * Pillow misreads: 4 bits per pixel in runs of an odd number of pixels or with a palette of dark grays. Kinds of TIFF
 * files with other pixels are rejected by name. All methods are thread-safe.
 *
 * @since 0.1.0
 */
public final class ImageDecoder {
    /** The maximum number of bytes read from a stream: 256 MiB. */
    public static final int MAX_STREAM_BYTES = 1 << 28;

    static final long MAX_FILE_BYTES = Integer.MAX_VALUE - 8L;

    /** The name of a picture of unknown origin. */
    private static final String UNNAMED = "the picture";

    /** The message of libjpeg, which allocates memory outside the heap. */
    private static final String NATIVE_SHORTAGE = "Insufficient memory (case";

    private ImageDecoder() {}

    /**
     * Decodes a file.
     *
     * @throws UnreadableImageException if the file cannot be read, or is not a complete picture in a supported format
     */
    public static Image decode(Path file) throws UnreadableImageException {
        return decode(read(file), file.toString());
    }

    private static byte[] read(Path file) throws UnreadableImageException {
        return reading(file, Files::readAllBytes);
    }

    /** A way to read a file. */
    private interface Reading<T> {
        T read(Path file) throws IOException;
    }

    private static <T> T reading(Path file, Reading<T> reading) throws UnreadableImageException {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new UnreadableImageException(file.toString(), "the file is larger than 2 GiB");
            }
            return reading.read(file);
        } catch (UnreadableImageException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new UnreadableImageException(file.toString(), "no such file", e);
        } catch (IOException e) {
            String reason = Files.isDirectory(file) ? "is a directory" : "cannot be read (" + describe(e) + ")";
            throw new UnreadableImageException(file.toString(), reason, e);
        }
    }

    /**
     * Decodes the content of a file, read from a stream to its end. The stream stays open.
     *
     * @throws UnreadableImageException if reading fails, if there are more than {@value #MAX_STREAM_BYTES} bytes, or if
     *     they are not a complete picture in a supported format; the message calls it the picture
     */
    public static Image decode(InputStream stream) throws UnreadableImageException {
        return decode(stream, UNNAMED);
    }

    /**
     * Decodes the content of a file, read from a stream to its end. The stream stays open.
     *
     * @param origin the origin of the stream, for messages
     * @throws UnreadableImageException if reading fails, if there are more than {@value #MAX_STREAM_BYTES} bytes, or if
     *     they are not a complete picture in a supported format
     */
    public static Image decode(InputStream stream, String origin) throws UnreadableImageException {
        return decode(stream, origin, MAX_STREAM_BYTES);
    }

    static Image decode(InputStream stream, String origin, int limit) throws UnreadableImageException {
        return decode(read(stream, origin, limit), origin);
    }

    private static byte[] read(InputStream stream, String origin, int limit) throws UnreadableImageException {
        byte[] bytes;
        try {
            bytes = stream.readNBytes(limit + 1);
        } catch (IOException e) {
            throw new UnreadableImageException(origin, "cannot be read (" + describe(e) + ")", e);
        }
        if (bytes.length > limit) {
            throw new UnreadableImageException(origin, "the stream has more than " + limit + " bytes");
        }
        return bytes;
    }

    /**
     * Decodes the content of a file.
     *
     * @param bytes the whole file; not retained
     * @throws UnreadableImageException if it is not a complete picture in a supported format; the message calls it the
     *     picture
     */
    public static Image decode(byte[] bytes) throws UnreadableImageException {
        return decode(bytes, UNNAMED);
    }

    /**
     * Decodes the content of a file.
     *
     * @param bytes the whole file; not retained
     * @param origin the origin of the bytes, for messages
     * @throws UnreadableImageException if it is not a complete picture in a supported format
     */
    public static Image decode(byte[] bytes, String origin) throws UnreadableImageException {
        return decoding(bytes, origin, format -> switch (format) {
            case JPEG -> JpegDecoder.decode(bytes);
            case PNG -> PngDecoder.decode(PngFile.parse(bytes));
            case GIF -> GifDecoder.decode(bytes);
            case WEBP -> WebpDecoder.open(bytes).decode();
            case BMP -> BmpDecoder.decode(bytes);
            case TIFF -> TiffDecoder.decode(bytes);
        });
    }

    /**
     * Decodes the content of a file and uses the image. Memory for pictures is shared by all threads; this thread's
     * share is held until the image has been used, so that threads that hold large images wait for each other.
     *
     * @param bytes the whole file; not retained
     * @param origin the origin of the bytes, for messages
     * @param use receives the image on the calling thread, and must not retain it
     * @throws UnreadableImageException if it is not a complete picture in a supported format
     */
    public static void decode(byte[] bytes, String origin, Consumer<? super Image> use)
            throws UnreadableImageException {
        try (var _ = DecodingMemory.open()) {
            use.accept(decode(bytes, origin));
        }
    }

    /**
     * Reads a file, and defers the pixels of a JPEG, PNG or WebP file; other formats are
     * decoded.
     *
     * @throws UnreadableImageException if the file cannot be read, or is not a picture in a supported format
     */
    public static Picture open(Path file) throws UnreadableImageException {
        return open(read(file), file.toString());
    }

    /**
     * Reads a file and returns the square that a network sees of it, as {@link Picture#prepare} does. A thread reads all
     * of its files into the same array.
     *
     * @param scaled true to decode a JPEG file at a reduced size
     * @throws UnreadableImageException if the file cannot be read, or is not a complete picture in a supported format
     */
    public static Image prepare(Path file, EvaluationTransform transform, boolean scaled)
            throws UnreadableImageException {
        FileBuffer buffer = reading(file, path -> {
            FileBuffer ofThread = FileBuffer.ofThread();
            ofThread.read(path);
            return ofThread;
        });
        String origin = file.toString();
        if (buffer.length() < 3 || ImageFormat.sniff(buffer.bytes()) != ImageFormat.JPEG) {
            return open(buffer.take(), origin).prepare(transform, scaled);
        }
        Picture picture = decoding(ImageFormat.JPEG, origin, _ -> {
            JpegHeader header = JpegHeader.parse(buffer.bytes(), buffer.length());
            return new JpegPicture(buffer.bytes(), buffer.length(), origin, header);
        });
        return picture.prepare(transform, scaled);
    }

    /**
     * Reads the content of a file from a stream to its end, and defers the pixels of a JPEG, PNG or WebP file;
     * other formats are decoded. The stream stays open.
     *
     * @throws UnreadableImageException if reading fails, if there are more than {@value #MAX_STREAM_BYTES} bytes, or if
     *     they are not a picture in a supported format; the message calls it the picture
     */
    public static Picture open(InputStream stream) throws UnreadableImageException {
        return open(read(stream, UNNAMED, MAX_STREAM_BYTES), UNNAMED);
    }

    /**
     * Reads the headers of a JPEG, PNG or WebP file and defers the pixels; other formats are decoded.
     *
     * @param bytes the whole file; retained, not copied
     * @param origin the origin of the bytes, for messages
     * @throws UnreadableImageException if it is not a picture in a supported format
     */
    public static Picture open(byte[] bytes, String origin) throws UnreadableImageException {
        ImageFormat format = ImageFormat.sniff(bytes);
        if (format == ImageFormat.JPEG) {
            return decoding(bytes, origin, _ -> new JpegPicture(bytes, bytes.length, origin, JpegHeader.parse(bytes)));
        }
        if (format == ImageFormat.PNG) {
            return decoding(bytes, origin, _ -> new PngPicture(PngFile.parse(bytes), origin));
        }
        if (format == ImageFormat.WEBP) {
            WebpDecoder file = decoding(bytes, origin, _ -> WebpDecoder.open(bytes));
            return file.hasRows() ? new WebpPicture(file, origin) : Picture.of(decode(file, origin));
        }
        return Picture.of(decode(bytes, origin));
    }

    /** Decodes a PNG file whose chunks have been checked. */
    static Image decode(PngFile file, String origin) throws UnreadableImageException {
        return decoding(ImageFormat.PNG, origin, _ -> PngDecoder.decode(file));
    }

    /** Decodes a WebP file whose headers have been read. */
    static Image decode(WebpDecoder file, String origin) throws UnreadableImageException {
        return decoding(ImageFormat.WEBP, origin, _ -> file.decode());
    }

    /** Decodes a part of a WebP file row by row. */
    static void decode(WebpDecoder file, String origin, Region region, PixelRows rows) throws UnreadableImageException {
        decoding(ImageFormat.WEBP, origin, _ -> {
            file.decode(region, rows);
            return true;
        });
    }

    /**
     * Returns the square that a network sees of a picture, as {@link Picture#prepare} does. Memory for pictures is
     * shared by all threads; this thread's share is held until the square is complete, so that threads that hold large
     * images wait for each other.
     *
     * @param bytes the whole file; not retained
     * @param origin the origin of the bytes, for messages
     * @param scaled true to decode a JPEG file at a reduced size; the pixels are close, but not the same
     * @throws UnreadableImageException if it is not a complete picture in a supported format
     */
    public static Image prepare(byte[] bytes, String origin, EvaluationTransform transform, boolean scaled)
            throws UnreadableImageException {
        try (var _ = DecodingMemory.open()) {
            return open(bytes, origin).prepare(transform, scaled);
        }
    }

    /** An operation on a file of a known format. */
    private interface Decoding<T> {
        T decode(ImageFormat format) throws IOException;
    }

    private static <T> T decoding(byte[] bytes, String origin, Decoding<T> decoding) throws UnreadableImageException {
        ImageFormat format = ImageFormat.sniff(bytes);
        if (format == null) {
            throw new UnreadableImageException(origin, ImageFormat.describeUnknown(bytes));
        }
        return decoding(format, origin, decoding);
    }

    private static <T> T decoding(ImageFormat format, String origin, Decoding<T> decoding)
            throws UnreadableImageException {
        try (var _ = DecodingMemory.open()) {
            return decoding.decode(format);
        } catch (MalformedImageException e) {
            requireMemory(e);
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

    /** Rethrows an error that a reader wrapped: a lack of memory is not a property of the picture. */
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
