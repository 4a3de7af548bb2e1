package org.resnet4j.image.codec.jdk;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;

/**
 * A factory of ImageIO readers: always the JDK's own for each format, regardless of installed plug-ins, so that the
 * same file gives the same pixels everywhere. The registry is queried once.
 */
public final class ImageReaders {
    private static final Map<ImageFormat, ImageReaderSpi> PROVIDERS = findProviders();

    private ImageReaders() {}

    /** The reading operation on a reader whose input is set. */
    public interface Reading<T> {
        T read(ImageReader reader) throws IOException;
    }

    /**
     * Reads from the first {@code length} bytes with a new reader. Thread-safe.
     *
     * @throws MalformedImageException if the reader requested more bytes than exist: some readers fill in missing data,
     *     and others fail with unclear errors
     */
    public static <T> T read(ImageFormat format, byte[] bytes, int length, Reading<T> reading) throws IOException {
        ImageReader reader = create(format);
        try (var stream = new ByteArrayImageInputStream(bytes, length)) {
            reader.setInput(stream, true, true);
            try {
                T result = reading.read(reader);
                if (stream.ranOut()) {
                    throw MalformedImageException.truncated(format);
                }
                return result;
            } catch (MalformedImageException e) {
                throw e;
            } catch (IOException | RuntimeException e) {
                if (!stream.ranOut()) {
                    throw e;
                }
                var truncated = MalformedImageException.truncated(format);
                truncated.initCause(e);
                throw truncated;
            }
        } finally {
            reader.dispose();
        }
    }

    private static ImageReader create(ImageFormat format) throws IOException {
        ImageReaderSpi provider = PROVIDERS.get(format);
        if (provider == null) {
            throw new MalformedImageException("this Java runtime has no reader for " + format.label());
        }
        return provider.createReaderInstance();
    }

    private static Map<ImageFormat, ImageReaderSpi> findProviders() {
        Map<ImageFormat, ImageReaderSpi> found = new EnumMap<>(ImageFormat.class);
        Iterator<ImageReaderSpi> all =
                IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, false);
        while (all.hasNext()) {
            ImageReaderSpi provider = all.next();
            for (ImageFormat format : ImageFormat.values()) {
                String jdkPackage = "com.sun.imageio.plugins." + format.name().toLowerCase(Locale.ROOT) + ".";
                if (provider.getClass().getName().startsWith(jdkPackage)) {
                    found.put(format, provider);
                }
            }
        }
        return found;
    }
}
