package org.resnet4j.dataset.folder;

import java.util.Arrays;
import java.util.List;
import org.resnet4j.dataset.InvalidDatasetException;

/**
 * The name of an entry of a zip file, known to be a plain relative path.
 *
 * @param path the path, with {@code /} as the separator and without one at the end; empty for the top folder
 * @param isFolder true for an entry of a folder
 * @param isIgnored true if a name in the path belongs to the operating system rather than the user
 */
public record ZipEntryName(String path, boolean isFolder, boolean isIgnored) {
    /** Pictures are already compressed. A plain bitmap may shrink to a thousandth, but then it is small. */
    private static final long SUSPICIOUS_BYTES = 16L << 20;

    private static final long SUSPICIOUS_RATIO = 500;

    /**
     * Each parent folder is stored with its whole path, which for a very deep path would take a multiple of the file's
     * size.
     */
    private static final int MAX_DEPTH = 64;

    private static final int NAME_SHOWN = 60;

    /**
     * Parses and checks a name.
     *
     * @param source the zip file, for messages
     * @throws InvalidDatasetException if the path is absolute, leaves the zip file or is very deep
     */
    public static ZipEntryName of(String source, String entry) throws InvalidDatasetException {
        String path = entry.replace('\\', '/');
        boolean folder = path.endsWith("/");
        if (folder) {
            path = path.substring(0, path.length() - 1);
        }
        while (path.startsWith("./")) {
            path = path.substring(2);
        }
        if (folder && path.equals(".")) {
            return new ZipEntryName("", true, true);
        }
        List<String> names = Arrays.asList(path.split("/", -1));
        check(source, entry, names);
        return new ZipEntryName(path, folder, names.stream().anyMatch(PictureNames::isIgnored));
    }

    private static void check(String source, String entry, List<String> names) throws InvalidDatasetException {
        if (names.size() > MAX_DEPTH) {
            throw new InvalidDatasetException(
                    source,
                    "entry '" + entry.substring(0, Math.min(entry.length(), NAME_SHOWN)) + "…' is more than "
                            + MAX_DEPTH + " folders deep; the zip file may be malicious");
        }
        boolean leaves = names.contains("..") || names.contains(".");
        boolean absolute = names.contains("") || names.getFirst().endsWith(":");
        if (leaves || absolute) {
            throw new InvalidDatasetException(
                    source, "entry '" + entry + "' does not have a plain relative path; the zip file may be malicious");
        }
    }

    /**
     * Rejects a picture that is too large, or that expands suspiciously.
     *
     * @param source the zip file, for messages
     * @param entry the name of the entry, for messages
     * @param bytes size of the content
     * @param compressed size in the zip file
     * @throws InvalidDatasetException if so
     */
    public static void checkSize(String source, String entry, long bytes, long compressed)
            throws InvalidDatasetException {
        if (bytes > PictureNames.MAX_FILE_BYTES) {
            throw new InvalidDatasetException(
                    source,
                    "entry '" + entry + "' has " + bytes + " bytes, more than the " + PictureNames.MAX_FILE_BYTES
                            + " allowed");
        }
        if (bytes > SUSPICIOUS_BYTES && bytes / SUSPICIOUS_RATIO > compressed) {
            throw new InvalidDatasetException(
                    source,
                    "entry '" + entry + "' expands from " + compressed + " to " + bytes
                            + " bytes; the zip file may be malicious");
        }
    }
}
