package org.resnet4j.dataset.source;

import java.io.Closeable;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.image.file.UnreadableImageException;

/**
 * The picture files below a folder or inside a zip, by their paths, which are relative and have {@code /} between the
 * names. Safe for many threads at once.
 */
interface PictureFiles extends Closeable {
    /** A file larger than this is no picture that anybody trains on. */
    long MAX_FILE_BYTES = 256L << 20;

    /** The formats that are looked for, for messages. */
    String FORMATS = "JPEG, PNG, BMP, GIF, WebP or TIFF";

    /** Where the files are, as the user named it. */
    String source();

    /** The pictures, sorted by path. */
    List<String> pictures();

    /** Every folder below the top, whether pictures are in it or not. */
    Set<String> folders();

    /**
     * The bytes of a picture.
     *
     * @throws UnreadableImageException if they cannot be read, as the file is gone, say: no less a matter of this one picture
     *     than damage in it
     */
    byte[] read(String path) throws UnreadableImageException;

    /** A number that tells the content of a picture from other content, as {@link Dataset#contentCode} has it. */
    long contentCode(String path);

    /** Whether a file is a picture, by the end of its name. */
    static boolean isPicture(String name) {
        return Names.PICTURE.matcher(name.toLowerCase(Locale.ROOT)).find();
    }

    /** Whether a file or folder is there for the operating system, not for the user. */
    static boolean isIgnored(String name) {
        return name.startsWith(".") || Names.CLUTTER.contains(name.toLowerCase(Locale.ROOT));
    }

    /** What is recognized by name. */
    final class Names {
        private static final Pattern PICTURE = Pattern.compile("\\.(jpe?g|jpe|jfif|png|bmp|gif|webp|tiff?)$");
        private static final Set<String> CLUTTER = Set.of("__macosx", "thumbs.db", "desktop.ini", "@eadir");

        private Names() {}
    }
}
