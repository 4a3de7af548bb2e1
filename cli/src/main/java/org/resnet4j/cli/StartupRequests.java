package org.resnet4j.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.resnet4j.server.ModelServer;

/** Requests of each kind to a server, for the JVM's ahead-of-time cache: a picture, and tensors as binary data and JSON. */
final class StartupRequests {
    /** Enough for the hot methods of a request to be compiled. */
    private static final int ROUNDS = 20;

    private static final String TENSOR = """
        {"inputs":[{"name":"input","shape":[1,3,%1$d,%1$d],"datatype":"FP32",%2$s}]}\
        """;

    private final String address;

    private StartupRequests(ModelServer server) {
        address = "http://127.0.0.1:" + server.port();
    }

    /**
     * Serves a model, and sends requests.
     *
     * @param size the height and width of the model's images
     */
    static void send(Path model, int size, Path picture) throws IOException {
        try (var server = ModelServer.builder()
                .model("model", "1", model)
                .startQuickly()
                .port(0)
                .start()) {
            var requests = new StartupRequests(server);
            byte[] content = Files.readAllBytes(picture);
            int floats = 3 * size * size;
            byte[] header = TENSOR.formatted(size, "\"parameters\":{\"binary_data_size\":" + floats * Float.BYTES + "}")
                    .getBytes(StandardCharsets.UTF_8);
            byte[] binary = Arrays.copyOf(header, header.length + floats * Float.BYTES);
            byte[] json = TENSOR.formatted(size, "\"data\":[0" + ",0.5".repeat(floats - 1) + "]")
                    .getBytes(StandardCharsets.UTF_8);
            for (int round = 0; round < ROUNDS; round++) {
                requests.exchange("/v2/health/ready", new byte[0], Map.of());
                requests.exchange("/v1/classify", content, Map.of());
                requests.exchange(
                        "/v2/models/model/infer",
                        binary,
                        Map.of("Inference-Header-Content-Length", Integer.toString(header.length)));
            }
            requests.exchange("/v2/models/model/infer", json, Map.of());
            requests.exchange("/v2/models/model", new byte[0], Map.of());
        }
    }

    /** Sends a request, with POST if it has a body, and reads the reply. */
    private void exchange(String path, byte[] body, Map<String, String> headers) throws IOException {
        var connection = (HttpURLConnection) URI.create(address + path).toURL().openConnection();
        headers.forEach(connection::setRequestProperty);
        if (body.length > 0) {
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(body.length);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
        }
        connection.getInputStream().readAllBytes();
    }
}
