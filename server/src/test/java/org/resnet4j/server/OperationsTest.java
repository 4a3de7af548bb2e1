package org.resnet4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests of what an operator sees and sets: metrics, the access log, tokens, limits. */
@Timeout(120)
class OperationsTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";

    @TempDir
    private static Path folder;

    private static Path pets;
    private static HttpClient client;

    @BeforeAll
    static void prepare() throws IOException {
        pets = TinyModel.save(folder.resolve("pets"), 1);
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void end() {
        client.close();
    }

    private static HttpResponse<String> send(
            ModelServer server, String method, String path, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .method(method, BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(ModelServer server, String path, String... headers) throws Exception {
        return send(server, "GET", path, new byte[0], headers);
    }

    private static HttpResponse<String> classify(ModelServer server, String... headers) throws Exception {
        return send(server, "POST", "/v1/classify", TinyModel.picture(1), headers);
    }

    /** Returns the value of a sample in the text of Prometheus. */
    private static double sample(String text, String sample) {
        return text.lines()
                .filter(line -> line.startsWith(sample + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no sample " + sample + " in\n" + text));
    }

    @Test
    void metricsCountRequestsStagesAndBatches() throws Exception {
        try (ModelServer server = ModelServer.builder().port(0).model(pets).start()) {
            for (int i = 0; i < 3; i++) {
                assertEquals(200, classify(server).statusCode());
            }
            assertEquals(
                    422,
                    send(server, "POST", "/v1/classify", new byte[] {1, 2, 3}).statusCode());
            assertEquals(404, get(server, "/v2/models/" + "x".repeat(50)).statusCode());
            HttpResponse<String> reply = get(server, "/metrics");
            assertEquals(
                    "text/plain; version=0.0.4; charset=utf-8",
                    reply.headers().firstValue("Content-Type").orElseThrow());
            String text = reply.body();
            String model = "model=\"pets\",";
            String requests = "resnet4j_request_duration_seconds_count{";
            assertEquals(
                    3,
                    sample(
                            text,
                            requests + model
                                    + "operation=\"classify\",outcome=\"ok\",transport=\"http\",version=\"1\"}"));
            assertEquals(
                    1,
                    sample(
                            text,
                            requests + model
                                    + "operation=\"classify\",outcome=\"invalid\",transport=\"http\",version=\"1\"}"));
            assertEquals(
                    1,
                    sample(
                            text,
                            requests
                                    + "model=\"none\",operation=\"metadata\",outcome=\"invalid\",transport=\"http\",version=\"none\"}"));
            for (String stage : List.of("decode", "queue", "compute")) {
                String count =
                        "resnet4j_stage_duration_seconds_count{" + model + "stage=\"" + stage + "\",version=\"1\"}";
                assertTrue(sample(text, count) >= 3, count);
            }
            assertEquals(3, sample(text, "resnet4j_batch_size_images_sum{model=\"pets\",version=\"1\"}"));
            assertEquals(3, sample(text, "resnet4j_images_total{model=\"pets\",version=\"1\"}"));
            assertEquals(
                    1,
                    sample(
                            text,
                            "resnet4j_model_info{model=\"pets\",network=\"resnet8\",precision=\"float32\",version=\"1\"}"));
            assertEquals(0, sample(text, "resnet4j_queue_images{model=\"pets\",version=\"1\"}"));
            assertEquals(256, sample(text, "resnet4j_queue_capacity_images{model=\"pets\",version=\"1\"}"));
            assertEquals(1, sample(text, "resnet4j_ready"));
            assertEquals(1, sample(text, "resnet4j_requests_active"));
            assertTrue(sample(text, "resnet4j_connections") >= 1);
            assertTrue(text.contains("\njvm_memory_used_bytes{"), text);
            assertFalse(text.contains("xxxx"), "a label comes from the client");

            HttpResponse<String> open = get(server, "/metrics", "Accept", "application/openmetrics-text");
            assertTrue(
                    open.headers().firstValue("Content-Type").orElseThrow().startsWith("application/openmetrics-text"));
            assertTrue(open.body().endsWith("# EOF\n"));
        }
    }

    @Test
    void everyMetricIsDocumented() throws Exception {
        Set<String> metrics;
        Path log = folder.resolve("documented.log");
        try (ModelServer server =
                ModelServer.builder().port(0).model(pets).accessLog(log).start()) {
            classify(server);
            metrics = get(server, "/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("# TYPE resnet4j_"))
                    .map(line -> line.split(" ")[2])
                    .filter(name -> !name.endsWith("_max"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        assertTrue(metrics.size() > 10, metrics.toString());
        String page = Files.readString(Path.of("../docs/serving.md"));
        var documented = new TreeSet<String>();
        Pattern.compile("^\\| `(resnet4j_[a-z_]+)`", Pattern.MULTILINE)
                .matcher(page)
                .results()
                .forEach(match -> documented.add(match.group(1)));
        assertEquals(metrics, documented);
    }

    @Test
    void theAccessLogHasALineForEachRequestExceptProbes() throws Exception {
        Path log = folder.resolve("access.log");
        try (ModelServer server =
                ModelServer.builder().port(0).model(pets).accessLog(log).start()) {
            get(server, "/v2/health/ready");
            get(server, "/metrics");
            classify(server, "traceparent", "00-" + TRACE + "-" + PARENT + "-01");
            get(server, "/v2/models/cats?x=1");
        }
        List<String> lines = Files.readAllLines(log);
        assertEquals(2, lines.size(), lines.toString());
        String classified = lines.getFirst();
        for (String part : List.of(
                "\"trace_id\":\"" + TRACE + "\"",
                "\"parent_id\":\"" + PARENT + "\"",
                "\"client\":\"127.0.0.1\"",
                "\"transport\":\"http\"",
                "\"operation\":\"classify\"",
                "\"target\":\"POST /v1/classify\"",
                "\"model\":\"pets\",\"version\":\"1\"",
                "\"outcome\":\"ok\",\"status\":\"200\"",
                "\"received_bytes\":" + TinyModel.picture(1).length,
                "\"images\":1,\"batch\":1",
                "\"decode_ms\":",
                "\"queue_ms\":",
                "\"compute_ms\":",
                "\"duration_ms\":")) {
            assertTrue(classified.contains(part), part + " in " + classified);
        }
        String unknown = lines.getLast();
        assertTrue(unknown.contains("\"target\":\"GET /v2/models/cats?x=1\""), unknown);
        assertTrue(unknown.contains("\"status\":\"404\""), unknown);
        assertTrue(unknown.contains("\"error\":\"there is no model 'cats'"), unknown);
    }

    @Test
    void aFullDiskForTheLogStopsNoRequest() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "this system has no /dev/full");
        try (ModelServer server =
                ModelServer.builder().port(0).model(pets).accessLog(full).start()) {
            for (int i = 0; i < 20; i++) {
                assertEquals(200, classify(server).statusCode());
            }
            double lost = 0;
            while (lost < 20) {
                lost = sample(get(server, "/metrics").body(), "resnet4j_access_log_lost_lines_total");
                Thread.sleep(20);
            }
            assertEquals(20, lost);
        }
    }

    @Test
    void onlyTokensOfTheFileMayUseTheModels() throws Exception {
        String token = "team-a-token-0123456789";
        Path tokens = Files.writeString(folder.resolve("tokens"), "team-a " + token + "\n");
        Path log = folder.resolve("tokens.log");
        try (ModelServer server = ModelServer.builder()
                .port(0)
                .model(pets)
                .tokens(tokens)
                .accessLog(log)
                .start()) {
            for (String open : List.of("/v2/health/live", "/v2/health/ready", "/v2/models/pets/ready")) {
                assertEquals(200, get(server, open).statusCode(), open);
            }
            for (String closed : List.of("/v2", "/v2/models/pets", "/metrics")) {
                HttpResponse<String> refused = get(server, closed);
                assertEquals(401, refused.statusCode(), closed);
                assertEquals(
                        "Bearer",
                        refused.headers().firstValue("WWW-Authenticate").orElseThrow());
            }
            HttpResponse<String> refused = classify(server);
            assertEquals(401, refused.statusCode());
            assertTrue(refused.body().contains("a token is needed"), refused.body());
            assertEquals(
                    401,
                    classify(server, "Authorization", "Bearer " + token + "x").statusCode());
            assertEquals(
                    200, classify(server, "Authorization", "Bearer " + token).statusCode());
            assertEquals(
                    200,
                    get(server, "/metrics", "Authorization", "Bearer " + token).statusCode());
        }
        String lines = Files.readString(log);
        assertTrue(lines.contains("\"user\":\"team-a\""), lines);
        assertFalse(lines.contains(token), "the log has a token");
    }

    @Test
    void aClientThatIsTooFastIsRefusedWithATime() throws Exception {
        try (ModelServer server =
                ModelServer.builder().port(0).model(pets).rate(0.001).start()) {
            assertEquals(200, classify(server).statusCode());
            HttpResponse<String> refused = classify(server);
            assertEquals(429, refused.statusCode());
            assertTrue(refused.body().contains("more than 0.001 requests in a second"), refused.body());
            int wait =
                    Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow());
            assertTrue(wait > 900 && wait <= 1000, "wait " + wait);
            assertEquals(200, get(server, "/v2/models/pets").statusCode());
        }
    }
}
