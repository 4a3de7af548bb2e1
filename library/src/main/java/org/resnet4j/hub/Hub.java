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
    /** How names of models on the hub begin where they could be files too. */
    public static final String PREFIX = "hub:";

    private final HubSettings settings;

    public Hub(HubSettings settings) {
        this.settings = settings;
    }

    /**
     * The hub that a process of this environment uses, such as {@code Hub.of(System.getenv())}.
     *
     * @throws IOException if a variable holds something that cannot be used
     */
    public static Hub of(Map<String, String> environment) throws IOException {
        return new Hub(HubSettings.of(environment));
    }

    /** Whether a name is that of a model on the hub. */
    public static boolean isName(String name) {
        return name.startsWith(PREFIX);
    }

    /**
     * Finds a model, and downloads what of it is not in the cache.
     *
     * @param name {@code OWNER/NAME}, {@code OWNER/NAME@REVISION}, with {@link #PREFIX} or without
     * @param progress told how downloads go, and when the cache stands in for a hub that cannot be reached
     * @throws HubException if it is not to be had, with the reason
     * @throws IOException if a download breaks off again and again or is not what was announced, or the cache cannot be
     *     written
     */
    public HubModel model(String name, DownloadProgress progress) throws IOException {
        return new ModelRequest(settings, RepositoryName.parse(name), progress).find();
    }
}
