package org.resnet4j.hub;

import java.io.IOException;
import java.util.Map;
import org.resnet4j.download.DownloadProgress;

/**
 * The Hugging Face Hub: models by name, downloaded once and shared with Python's huggingface_hub.
 *
 * <p>Safe for several threads and processes at once.
 *
 * @since 0.1.0
 */
public final class Hub {
    /** Prefix of hub names where a file is also possible. */
    public static final String PREFIX = "hub:";

    private final HubSettings settings;

    public Hub(HubSettings settings) {
        this.settings = settings;
    }

    /**
     * Returns the hub configured by environment variables, such as {@code Hub.of(System.getenv())}.
     *
     * @throws IOException if a variable has an invalid value
     */
    public static Hub of(Map<String, String> environment) throws IOException {
        return new Hub(HubSettings.of(environment));
    }

    /** Returns true if a name refers to a model on the hub. */
    public static boolean isName(String name) {
        return name.startsWith(PREFIX);
    }

    /**
     * Finds a model and downloads the files that are not in the cache.
     *
     * @param name {@code OWNER/NAME}, {@code OWNER/NAME@REVISION}, with or without {@link #PREFIX}
     * @param progress receives the progress of downloads, and a message if the cache replaces an unreachable hub
     * @throws HubException if the model is not available, with the reason
     * @throws IOException if a download fails repeatedly or differs from what was announced, or the cache is not
     *     writable
     */
    public HubModel model(String name, DownloadProgress progress) throws IOException {
        return new ModelRequest(settings, RepositoryName.parse(name), progress).find();
    }
}
