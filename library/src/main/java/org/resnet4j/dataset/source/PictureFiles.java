package org.resnet4j.dataset.source;

import java.io.Closeable;
import java.util.List;
import java.util.Set;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.folder.PassedOver;
import org.resnet4j.image.file.UnreadableImageException;

/**
 * The picture files below a folder or inside a zip file, by their relative paths, with {@code /} as the separator.
 * Thread-safe.
 */
interface PictureFiles extends Closeable {
    /** Returns the location of the files as the user named it. */
    String source();

    /** Returns the pictures, sorted by path. */
    List<String> pictures();

    /** Returns all folders below the top, including those without pictures. */
    Set<String> folders();

    /** Returns the files that are not pictures to be read. */
    PassedOver passedOver();

    /** Returns assumptions that were made in reading the files, each a line for display. */
    default List<String> remarks() {
        return List.of();
    }

    /**
     * Returns the bytes of a picture.
     *
     * @throws UnreadableImageException if they cannot be read, for example because the file was deleted; like damage,
     *     this is treated as an error of this picture alone
     */
    byte[] read(String path) throws UnreadableImageException;

    /** Returns a fingerprint of the content of a picture, as {@link Dataset#contentCode} does. */
    long contentCode(String path);
}
