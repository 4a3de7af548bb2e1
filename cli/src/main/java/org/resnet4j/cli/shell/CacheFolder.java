package org.resnet4j.cli.shell;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** The cache folder for downloads, by the conventions of the operating system. */
public final class CacheFolder {
    private static final String NAME = "resnet4j";

    private CacheFolder() {}

    public static Path find() {
        return find(System.getenv(), System.getProperty("os.name"), Path.of(System.getProperty("user.home")));
    }

    /**
     * Returns the cache folder.
     *
     * @param environment the environment variables; {@code RESNET4J_CACHE} takes precedence
     * @param system the name of the operating system, as in {@code os.name}
     * @param home the user's home directory
     */
    public static Path find(Map<String, String> environment, String system, Path home) {
        String own = environment.getOrDefault("RESNET4J_CACHE", "");
        if (!own.isEmpty()) {
            return Path.of(own);
        }
        String lower = system.toLowerCase(Locale.ROOT);
        if (lower.contains("windows")) {
            String local = environment.getOrDefault("LOCALAPPDATA", "");
            return (local.isEmpty() ? home.resolve("AppData").resolve("Local") : Path.of(local)).resolve(NAME);
        }
        if (lower.contains("mac")) {
            return home.resolve("Library").resolve("Caches").resolve(NAME);
        }
        String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
        return (shared.isEmpty() ? home.resolve(".cache") : Path.of(shared)).resolve(NAME);
    }
}
