package org.resnet4j.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.download.DownloadProgress;
import org.resnet4j.download.Retries;
import org.resnet4j.hub.HubException.Reason;

/** A local server in place of the Hub, and an empty cache folder. */
abstract class HubCase {
    static final String NAME = "timm/resnet18.a1_in1k";
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final String LATER = "89abcdef0123456789abcdef0123456789abcdef";
    static final byte[] CONFIG = "{\"architecture\": \"resnet18\"}\n".getBytes(StandardCharsets.US_ASCII);
    static final byte[] WEIGHTS = "resnet4j".repeat(25_000).getBytes(StandardCharsets.US_ASCII);
    static final Retries QUICK = new Retries(4, Duration.ofMillis(1), Duration.ofMillis(20));

    /** Keeps what it is told. */
    static final class Notes implements DownloadProgress {
        final List<String> notes = new ArrayList<>();
        final Map<String, Long> bytes = new HashMap<>();

        @Override
        public void downloaded(String file, long done, long total) {
            bytes.put(file, done);
        }

        @Override
        public void note(String message) {
            notes.add(message);
        }
    }

    @TempDir
    Path folder;

    HubServer server;
    final Notes notes = new Notes();

    @BeforeEach
    void startServer() throws IOException {
        server = new HubServer();
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    void serve() {
        server.put(NAME, "main", COMMIT, Map.of("config.json", CONFIG, "model.safetensors", WEIGHTS));
    }

    Hub hub(String... variables) throws IOException {
        var environment = new HashMap<>(Map.of(
                "HF_ENDPOINT", server.endpoint(),
                "HF_HOME", folder.toString(),
                "HOME", folder.toString()));
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return new Hub(HubSettings.of(environment).withRetries(QUICK).withStall(Duration.ofSeconds(10)));
    }

    HubModel find(String name, String... variables) throws IOException {
        return hub(variables).model(name, notes);
    }

    HubException failure(Reason reason, String name, String... variables) {
        HubException failure = assertThrows(HubException.class, () -> find(name, variables));
        assertEquals(reason, failure.reason(), failure.getMessage());
        return failure;
    }

    Path repository() {
        return folder.resolve("hub/models--timm--resnet18.a1_in1k");
    }

    Path incomplete() {
        return repository().resolve("blobs/" + HubServer.sha256(WEIGHTS) + ".resnet4j.incomplete");
    }

    static void assertWhole(HubModel model) throws IOException {
        assertArrayEquals(CONFIG, Files.readAllBytes(model.config()));
        assertArrayEquals(WEIGHTS, Files.readAllBytes(model.weights()));
    }

    List<String> listing() throws IOException {
        Path cache = folder.resolve("hub");
        try (Stream<Path> all = Files.walk(cache)) {
            var lines = new ArrayList<String>();
            for (Path path : all.sorted().toList()) {
                String name = cache.relativize(path).toString().replace('\\', '/');
                if (Files.isSymbolicLink(path)) {
                    lines.add(name + " -> "
                            + Files.readSymbolicLink(path).toString().replace('\\', '/'));
                } else if (name.contains("/refs/") && Files.isRegularFile(path)) {
                    lines.add(name + ": " + Files.readString(path));
                } else if (Files.isRegularFile(path)) {
                    lines.add(name);
                }
            }
            lines.sort(null);
            return lines;
        }
    }
}
