package org.resnet4j.download;

/**
 * A receiver of download progress, called on the thread that requested the file.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface DownloadProgress {
    /** Ignores all progress. */
    DownloadProgress NONE = (file, bytes, total) -> {};

    /**
     * Receives the current state of a download.
     *
     * @param file the name of the file
     * @param bytes the number of bytes received, including those of earlier attempts
     * @param total the size of the file; -1 if unknown
     */
    void downloaded(String file, long bytes, long total);

    /**
     * Receives information for the user that does not stop the download.
     *
     * @param message a sentence without a full stop
     */
    default void note(String message) {}
}
