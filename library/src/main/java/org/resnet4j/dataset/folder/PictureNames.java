package org.resnet4j.dataset.folder;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The names of picture files, and those of files and folders that are skipped. */
public final class PictureNames {
    /** The maximum size of a file; larger files are not pictures for training. */
    public static final long MAX_FILE_BYTES = 256L << 20;

    /** The recognized formats, for messages. */
    public static final String FORMATS = "JPEG, PNG, BMP, GIF, WebP or TIFF";

    private static final Pattern PICTURE = Pattern.compile("\\.(jpe?g|jpe|jfif|png|bmp|gif|webp|tiff?)$");
    private static final Set<String> CLUTTER = Set.of("__macosx", "thumbs.db", "desktop.ini", "@eadir");

    private PictureNames() {}

    /** Returns true if a file is a picture, by its extension. */
    public static boolean isPicture(String name) {
        return PICTURE.matcher(name.toLowerCase(Locale.ROOT)).find();
    }

    /** Returns true if a file or folder belongs to the operating system rather than the user. */
    public static boolean isIgnored(String name) {
        return name.startsWith(".") || CLUTTER.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Adds the folders that contain a path, at any depth. */
    public static void addParents(String path, Set<String> folders) {
        for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
            if (!folders.add(path.substring(0, slash))) {
                return;
            }
        }
    }
}
