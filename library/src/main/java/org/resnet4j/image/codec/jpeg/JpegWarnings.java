package org.resnet4j.image.codec.jpeg;

import java.util.regex.Pattern;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import org.jspecify.annotations.Nullable;
import org.resnet4j.image.codec.ImageFormat;
import org.resnet4j.image.codec.MalformedImageException;

/**
 * A listener for warnings of the JDK's libjpeg about a damaged file that it decodes nevertheless, filling in or
 * guessing missing data.
 */
final class JpegWarnings implements IIOReadWarningListener {
    /** Superfluous bytes, and a progression whose coefficients are complete. */
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

    /** Rejects the file if a warning concerns its pixels. */
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
