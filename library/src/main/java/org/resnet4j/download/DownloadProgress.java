package org.resnet4j.download;

/** Told how a download goes; called by the thread that asked for the file. */
@FunctionalInterface
public interface DownloadProgress {
    /** Ignores what it is told. */
    DownloadProgress NONE = (file, bytes, total) -> {};

    /**
     * @param file the name of the file that is being downloaded
     * @param bytes how many of its bytes are here, those of an earlier attempt included
     * @param total how many bytes it has; -1 where the server does not say
     */
    void downloaded(String file, long bytes, long total);

    /**
     * Told of something that a user may want to know and that stops nothing.
     *
     * @param message a sentence without a full stop
     */
    default void note(String message) {}
}
