package org.resnet4j.server.snippets;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.resnet4j.server.ModelServer;

/** The program of the javadoc; comments with {@code @start} and {@code @end} mark what it shows. */
final class FirstServer {
    private FirstServer() {}

    static void serve() throws IOException, InterruptedException {
        // @start region="serve"
        try (var server = ModelServer.builder().model(Path.of("pets")).start()) {
            System.out.println("http://127.0.0.1:" + server.port());
            Thread.sleep(Duration.ofHours(1));
        }
        // @end
    }
}
