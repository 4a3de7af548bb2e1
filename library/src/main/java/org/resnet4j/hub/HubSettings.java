package org.resnet4j.hub;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.resnet4j.download.Retries;
import org.resnet4j.hub.HubException.Reason;

/**
 * Settings of the hub, from the environment variables of Python's huggingface_hub.
 *
 * @param endpoint address of the hub without a trailing slash
 * @param cache folder of the cache, created on the first download
 * @param token sent to the endpoint only; null for none
 * @param offline true to use only the cache
 * @param links true if the cache may hold symbolic links, false for copies
 * @param retries number and pauses of further attempts
 * @param stall time without a response or a byte after which an attempt fails
 * @since 0.1.0
 * @see <a href="https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables">the variables</a>
 */
public record HubSettings(
        URI endpoint,
        Path cache,
        @Nullable String token,
        boolean offline,
        boolean links,
        Retries retries,
        Duration stall) {
    private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
    private static final Set<String> TRUE = Set.of("1", "TRUE", "YES", "ON");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)\\}|(\\w+))");
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,1000}");
    private static final int LONGEST_TOKEN_FILE = 4096;
    private static final Duration STALL = Duration.ofSeconds(30);

    public HubSettings {
        if (!Set.of("http", "https")
                        .contains(String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT))
                || endpoint.getHost() == null
                || endpoint.getRawUserInfo() != null
                || endpoint.getRawQuery() != null
                || endpoint.getRawFragment() != null
                || endpoint.getRawPath().endsWith("/")) {
            throw new IllegalArgumentException("the hub's endpoint must be of the form https://HOST");
        }
        if (token != null && !TOKEN.matcher(token).matches()) {
            throw new IllegalArgumentException("the hub's token contains invalid characters");
        }
    }

    /**
     * Returns the settings given by environment variables.
     *
     * @throws HubException if a variable has an invalid value
     * @throws IOException if the file with the token exists and cannot be read
     */
    public static HubSettings of(Map<String, String> environment) throws IOException {
        try {
            Path home = home(environment);
            return new HubSettings(
                    endpoint(environment),
                    cache(environment, home),
                    token(environment, home),
                    isTrue(environment, "HF_HUB_OFFLINE") || isTrue(environment, "TRANSFORMERS_OFFLINE"),
                    !isTrue(environment, "HF_HUB_DISABLE_SYMLINKS"),
                    Retries.patient(),
                    STALL);
        } catch (InvalidPathException malformed) {
            throw new HubException(
                    Reason.SETTINGS,
                    "HF_HUB_CACHE, HF_HOME or another variable that names a path: " + malformed.getReason(),
                    malformed);
        } catch (IllegalArgumentException malformed) {
            throw new HubException(
                    Reason.SETTINGS,
                    "HF_ENDPOINT must be an address of the form https://HOST, without a user",
                    malformed);
        }
    }

    /** Returns a copy with other retries. */
    public HubSettings withRetries(Retries changed) {
        return new HubSettings(endpoint, cache, token, offline, links, changed, stall);
    }

    /** Returns a copy with another stall time. */
    public HubSettings withStall(Duration changed) {
        return new HubSettings(endpoint, cache, token, offline, links, retries, changed);
    }

    /** Returns a copy that uses only the cache, or the hub too. */
    public HubSettings withOffline(boolean changed) {
        return new HubSettings(endpoint, cache, token, changed, links, retries, stall);
    }

    private static URI endpoint(Map<String, String> environment) {
        String text = value(environment, "HF_ENDPOINT").strip();
        while (text.endsWith("/")) {
            text = text.substring(0, text.length() - 1);
        }
        return URI.create(text.isEmpty() ? DEFAULT_ENDPOINT : text);
    }

    private static Path home(Map<String, String> environment) {
        String home = value(environment, File.separatorChar == '\\' ? "USERPROFILE" : "HOME");
        return Path.of(home.isEmpty() ? System.getProperty("user.home") : home);
    }

    private static Path hubHome(Map<String, String> environment, Path home) {
        Path own = path(environment, "HF_HOME", home);
        if (own != null) {
            return own;
        }
        Path caches = path(environment, "XDG_CACHE_HOME", home);
        return (caches == null ? home.resolve(".cache") : caches).resolve("huggingface");
    }

    private static Path cache(Map<String, String> environment, Path home) {
        Path own = path(environment, "HF_HUB_CACHE", home);
        if (own == null) {
            own = path(environment, "HUGGINGFACE_HUB_CACHE", home);
        }
        return (own == null ? hubHome(environment, home).resolve("hub") : own).toAbsolutePath();
    }

    private static @Nullable String token(Map<String, String> environment, Path home) throws IOException {
        if (isTrue(environment, "HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
            return null;
        }
        String source = "HF_TOKEN";
        String token = value(environment, source).strip();
        if (token.isEmpty()) {
            Path file = path(environment, "HF_TOKEN_PATH", home);
            if (file == null) {
                file = hubHome(environment, home).resolve("token");
            }
            source = file.toString();
            token = readToken(file);
        }
        if (token.isEmpty()) {
            return null;
        }
        if (!TOKEN.matcher(token).matches()) {
            throw new HubException(Reason.SETTINGS, source + ": its content is not a token of the hub");
        }
        return token;
    }

    private static String readToken(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return "";
        }
        if (Files.size(file) > LONGEST_TOKEN_FILE) {
            throw new HubException(Reason.SETTINGS, file + ": too long to be a token of the hub");
        }
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
    }

    private static boolean isTrue(Map<String, String> environment, String variable) {
        return TRUE.contains(value(environment, variable).toUpperCase(Locale.ROOT));
    }

    private static String value(Map<String, String> environment, String variable) {
        return environment.getOrDefault(variable, "");
    }

    /** Returns the path in a variable, with {@code ~} and nested variables replaced; null if it is not set. */
    private static @Nullable Path path(Map<String, String> environment, String variable, Path home) {
        String text = value(environment, variable);
        if (text.isEmpty()) {
            return null;
        }
        if (text.equals("~") || text.startsWith("~/")) {
            text = home + text.substring(1);
        }
        Matcher matcher = VARIABLE.matcher(text);
        return Path.of(matcher.replaceAll(found -> {
            String name = found.group(1) == null ? found.group(2) : found.group(1);
            return Matcher.quoteReplacement(environment.getOrDefault(name, found.group()));
        }));
    }

    /** Returns all settings except the token. */
    @Override
    public String toString() {
        return "HubSettings[" + endpoint + ", " + cache + (token == null ? "" : ", with a token")
                + (offline ? ", offline" : "") + "]";
    }
}
