package org.resnet4j.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.ImageClassifier;
import org.resnet4j.tensor.Tensor;

/** Tests of a server that answers soon, and as fast as it can later. */
@Timeout(120)
class QuickStartTest {
    private static final int LENGTH = 3 * TinyModel.SIZE * TinyModel.SIZE;
    private static final String JSON_LENGTH = "Inference-Header-Content-Length";

    @TempDir
    private Path folder;

    @Test
    void theFirstAnswersAreRightAndLaterOnesHaveTheBitsOfTheClassifier() throws Exception {
        Path pets = TinyModel.save(folder.resolve("pets"), 2);
        var random = new SplittableRandom(3);
        var image = new float[LENGTH]; // [C, H, W]
        for (int i = 0; i < LENGTH; i++) {
            image[i] = (float) random.nextDouble(-2, 2);
        }
        float[] expected;
        try (var classifier = ImageClassifier.load(pets)) {
            expected = classifier.logits(channelsLast(image))[0];
        }
        try (var server =
                        ModelServer.builder().port(0).model(pets).startQuickly().start();
                var client = HttpClient.newHttpClient()) {
            float[] last = logits(client, server.port(), image);
            assertArrayEquals(expected, last, 1e-4f);
            while (!Arrays.equals(expected, last)) {
                Thread.sleep(20);
                last = logits(client, server.port(), image);
                assertArrayEquals(expected, last, 1e-4f);
            }
        }
    }

    private static Tensor channelsLast(float[] image) {
        Tensor tensor = Tensor.zeros(1, TinyModel.SIZE, TinyModel.SIZE, 3);
        int places = TinyModel.SIZE * TinyModel.SIZE;
        for (int i = 0; i < LENGTH; i++) {
            tensor.array()[i % places * 3 + i / places] = image[i];
        }
        return tensor;
    }

    private static float[] logits(HttpClient client, int port, float[] image) throws Exception {
        byte[] header = """
            {"inputs":[{"name":"input","shape":[1,3,16,16],"datatype":"FP32",
            "parameters":{"binary_data_size":%d}}],
            "outputs":[{"name":"logits","parameters":{"binary_data":true}}]}\
            """.formatted(LENGTH * Float.BYTES).getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(header.length + LENGTH * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(header);
        body.asFloatBuffer().put(image);
        HttpResponse<byte[]> reply = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v2/models/pets/infer"))
                        .header(JSON_LENGTH, Integer.toString(header.length))
                        .POST(BodyPublishers.ofByteArray(body.array()))
                        .build(),
                BodyHandlers.ofByteArray());
        assertEquals(200, reply.statusCode());
        int start = Integer.parseInt(reply.headers().firstValue(JSON_LENGTH).orElseThrow());
        var logits = new float[TinyModel.LABELS.size()];
        ByteBuffer.wrap(reply.body(), start, logits.length * Float.BYTES)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(logits);
        return logits;
    }
}
