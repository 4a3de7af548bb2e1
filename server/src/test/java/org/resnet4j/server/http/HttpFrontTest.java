package org.resnet4j.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.resnet4j.server.front.Gate;
import org.resnet4j.server.infer.Inference;
import org.resnet4j.server.infer.PictureDecoding;
import org.resnet4j.server.model.ModelCatalog;
import org.resnet4j.server.security.Access;
import org.resnet4j.server.telemetry.Telemetry;

@Timeout(60)
class HttpFrontTest {
    @Test
    void aModelThatIsNotLoadedYetIsNotUnknown() throws Exception {
        Duration time = Duration.ofSeconds(10);
        var gate = new Gate(1000);
        var front = new HttpFront(
                new HttpSettings("127.0.0.1", 0, "1", 1000, 10, time, time),
                gate,
                new ModelCatalog(),
                new Inference(gate, new PictureDecoding(1, 1000), time),
                new Telemetry(null),
                new Access(null, null),
                null);
        front.start();
        try (var client = HttpClient.newHttpClient()) {
            assertEquals(200, get(client, front, "/v2/health/live").statusCode());
            assertEquals(
                    "{\"ready\":false}", get(client, front, "/v2/health/ready").body());
            HttpResponse<String> loading = get(client, front, "/v2/models/pets");
            assertEquals(503, loading.statusCode());
            assertTrue(loading.body().contains("the models are being loaded"), loading.body());
            assertEquals("1", loading.headers().firstValue("Retry-After").orElseThrow());

            gate.enter(Gate.State.READY);
            assertEquals(200, get(client, front, "/v2/health/ready").statusCode());
            assertEquals(404, get(client, front, "/v2/models/pets").statusCode());
        } finally {
            front.stop();
        }
    }

    private static HttpResponse<String> get(HttpClient client, HttpFront front, String path) throws Exception {
        URI address = URI.create("http://127.0.0.1:" + front.port() + path);
        return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    }
}
