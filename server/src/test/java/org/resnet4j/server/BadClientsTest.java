package org.resnet4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests of clients that break off, lie, send too much, or are too many. */
@Timeout(120)
class BadClientsTest {
    @TempDir
    private Path folder;

    private ModelServer server;
    private HttpClient client;

    @BeforeEach
    void start() throws IOException {
        server = ModelServer.builder()
                .port(0)
                .model(TinyModel.save(folder.resolve("pets"), 1))
                .batchSize(2)
                .drainDelay(Duration.ofMillis(500))
                .start();
        client = HttpClient.newHttpClient();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** Sends bytes and returns the reply up to the end of the connection, or its first part. */
    private String raw(String text) throws IOException {
        try (Socket socket = connect()) {
            send(socket, text);
            byte[] reply = new byte[4096];
            int count = socket.getInputStream().read(reply);
            return new String(reply, 0, Math.max(0, count), StandardCharsets.ISO_8859_1);
        }
    }

    private HttpResponse<String> classify(byte[] picture) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v1/classify"))
                        .POST(BodyPublishers.ofByteArray(picture))
                        .build(),
                BodyHandlers.ofString());
    }

    private void assertStillAnswers() throws Exception {
        assertEquals(200, classify(TinyModel.picture(1)).statusCode());
    }

    @Test
    void connectionsThatBreakOffChangeNothing() throws Exception {
        for (int i = 0; i < 50; i++) {
            try (Socket socket = connect()) {
                send(socket, "POST /v1/classify HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabc");
            }
            try (Socket socket = connect()) {
                send(socket, "POST /v1/cl");
            }
        }
        assertStillAnswers();
    }

    @Test
    void idleAndHalfOpenConnectionsDoNotHoldUpOthers() throws Exception {
        var open = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 100; i++) {
                open.add(connect());
                Socket half = connect();
                send(half, "POST /v1/classify HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\na");
                open.add(half);
            }
            assertStillAnswers();
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void whatIsNotHttpOrTooLargeIsRefused() throws Exception {
        assertTrue(raw("\u0016\u0003\u0001\u0002\r\n\r\n").startsWith("HTTP/1.1 400"));
        assertTrue(raw("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n")
                .startsWith("HTTP/1.1 414"));
        assertTrue(raw("GET /v2 HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(20_000) + "\r\n\r\n")
                .startsWith("HTTP/1.1 431"));
        String large = raw("POST /v1/classify HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000000\r\n\r\n");
        assertTrue(large.startsWith("HTTP/1.1 413"), large);
        assertTrue(large.contains("the body has 1000000000000 bytes; at most 67108864 are accepted"), large);
        assertTrue(raw("POST /v1/classify HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n")
                .startsWith("HTTP/1.1 400"));
        assertStillAnswers();
    }

    @Test
    void aBodyMayComeInChunksOfUnknownLength() throws Exception {
        byte[] picture = TinyModel.picture(4);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v1/classify"));
        HttpResponse<String> reply = client.send(
                request.POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(picture)))
                        .build(),
                BodyHandlers.ofString());
        assertEquals(200, reply.statusCode(), reply.body());
        assertEquals(classify(picture).body(), reply.body());
        byte[] large = new byte[(64 << 20) + 1];
        HttpResponse<String> refused = client.send(
                request.POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
                        .build(),
                BodyHandlers.ofString());
        assertEquals(413, refused.statusCode(), refused.body());
    }

    /** Returns the beginning of a PNG file of a size. */
    private static byte[] png(int width, int height) {
        byte[] chunk = ByteBuffer.allocate(4 + 13)
                .put("IHDR".getBytes(StandardCharsets.US_ASCII))
                .putInt(width)
                .putInt(height)
                .put(new byte[] {8, 2, 0, 0, 0})
                .array();
        var crc = new CRC32();
        crc.update(chunk);
        var file = new ByteArrayOutputStream();
        file.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        file.writeBytes(ByteBuffer.allocate(4).putInt(13).array());
        file.writeBytes(chunk);
        file.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
        return file.toByteArray();
    }

    @Test
    void picturesThatAreTooLargeOrNoPicturesAreRefused() throws Exception {
        for (byte[] bad : List.of(png(100_000, 100_000), png(9000, 9000), new byte[] {1, 2, 3}, png(16, 16))) {
            HttpResponse<String> reply = classify(bad);
            assertEquals(422, reply.statusCode(), reply.body());
            assertTrue(reply.body().startsWith("{\"error\":\"the picture"), reply.body());
        }
        HttpResponse<String> empty = classify(new byte[0]);
        assertEquals(400, empty.statusCode());
        assertStillAnswers();
    }

    @Test
    void aRequestThatNamesATimeIsNotComputedLater() throws Exception {
        float[] image = new float[3 * TinyModel.SIZE * TinyModel.SIZE];
        String json = "{\"parameters\":{\"timeout\":1},\"inputs\":[{\"name\":\"input\",\"shape\":[1,3,16,16],"
                + "\"datatype\":\"FP32\",\"data\":" + java.util.Arrays.toString(image) + "}]}";
        HttpResponse<String> reply = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v2/models/pets/infer"))
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
        assertEquals(504, reply.statusCode(), reply.body());
        assertTrue(reply.body().contains("the deadline passed"), reply.body());
        assertStillAnswers();
    }

    @Test
    void manyClientsGetAnswersOrAreToldToComeBack() throws Exception {
        int clients = 64;
        byte[] picture = TinyModel.picture(2);
        String right = classify(picture).body();
        int answered = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var replies = new ArrayList<Future<HttpResponse<String>>>();
            for (int i = 0; i < clients * 8; i++) {
                replies.add(threads.submit(() -> classify(picture)));
            }
            for (Future<HttpResponse<String>> each : replies) {
                HttpResponse<String> reply = each.get();
                if (reply.statusCode() == 200) {
                    assertEquals(right, reply.body());
                    answered++;
                } else {
                    assertEquals(503, reply.statusCode(), reply.body());
                    assertTrue(reply.headers().firstValue("Retry-After").isPresent());
                }
            }
        }
        assertTrue(answered >= 32, answered + " answers");
        assertStillAnswers();
    }

    @Test
    void everyAcceptedRequestIsAnsweredBeforeTheEnd() throws Exception {
        byte[] picture = TinyModel.picture(3);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var replies = new ArrayList<Future<Integer>>();
            for (int i = 0; i < 24; i++) {
                replies.add(threads.submit(() -> classify(picture).statusCode()));
            }
            server.close();
            for (Future<Integer> reply : replies) {
                assertEquals(200, reply.get());
            }
        }
    }
}
