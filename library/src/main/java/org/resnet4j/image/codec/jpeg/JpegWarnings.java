package org.resnet4j.image.codec.jpeg;

import java.util.regex.Pattern;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import org.jspecify.annotations.Nullable;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;

/**
 * Hears what the JDK's libjpeg finds wrong with a file that it decodes nonetheless, filling up or guessing what is
 * missing.
 */
final class JpegWarnings implements IIOReadWarningListener {
    /** Bytes that nobody needs, and a progression whose coefficients are all there. */
    private static final Pattern HARMLESS = Pattern.compile(
            ".*extraneous bytes before marker 0x(?!d[0-7]).*|Invalid SOS parameters.*|Inconsistent progression.*");

    private static final Pattern MISSING = Pattern.compile(".*[Pp]remature end.*");

    private @Nullable String damage;

    @Override
    public void warningOccurred(ImageReader source, String warning) {
        if (damage == null && !HARMLESS.matcher(warning).matches()) {
            damage = warning;
        }
    }

    /** Rejects the file if anything was wrong with its pixels. */
    void check() throws MalformedImageException {
        if (damage == null) {
            return;
        }
        if (MISSING.matcher(damage).matches()) {
            throw MalformedImageException.truncated(ImageFormat.JPEG);
        }
        throw new MalformedImageException("the JPEG data is damaged (" + damage + ")");
    }
}
