package org.resnet4j.dataset.source;

import java.io.Closeable;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.image.file.UnreadableImageException;

/**
 * The picture files below a folder or inside a zip file, by their relative paths, with {@code /} as the separator.
 * Thread-safe.
 */
interface PictureFiles extends Closeable {
    /** The maximum size of a file; larger files are not pictures for training. */
    long MAX_FILE_BYTES = 256L << 20;

    /** The recognized formats, for messages. */
    String FORMATS = "JPEG, PNG, BMP, GIF, WebP or TIFF";

    /** Returns the location of the files as the user named it. */
    String source();

    /** Returns the pictures, sorted by path. */
    List<String> pictures();

    /** Returns all folders below the top, including those without pictures. */
    Set<String> folders();

    /**
     * Returns the bytes of a picture.
     *
     * @throws UnreadableImageException if they cannot be read, for example because the file was deleted; like damage,
     *     this is treated as an error of this picture alone
     */
    byte[] read(String path) throws UnreadableImageException;

    /** Returns a fingerprint of the content of a picture, as {@link Dataset#contentCode} does. */
    long contentCode(String path);

    /** Returns true if a file is a picture, by its extension. */
    static boolean isPicture(String name) {
        return Names.PICTURE.matcher(name.toLowerCase(Locale.ROOT)).find();
    }

    /** Returns true if a file or folder belongs to the operating system rather than the user. */
    static boolean isIgnored(String name) {
        return name.startsWith(".") || Names.CLUTTER.contains(name.toLowerCase(Locale.ROOT));
    }

    /** The names that are recognized. */
    final class Names {
        private static final Pattern PICTURE = Pattern.compile("\\.(jpe?g|jpe|jfif|png|bmp|gif|webp|tiff?)$");
        private static final Set<String> CLUTTER = Set.of("__macosx", "thumbs.db", "desktop.ini", "@eadir");

        private Names() {}
    }
}
