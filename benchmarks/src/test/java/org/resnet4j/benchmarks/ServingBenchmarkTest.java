package org.resnet4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.resnet4j.tensor.Tensor;

@Timeout(60)
class ServingBenchmarkTest {
    private static final Workload WORKLOAD = Workload.named("resnet20").withBatch(1);
    private static final int LENGTH = 3 * 32 * 32;

    /** Returns the first and the last element of each image. */
    private static float[][] ends(Tensor images) {
        var ends = new ArrayList<float[]>();
        for (int i = 0; i < images.shape().extent(0); i++) {
            ends.add(new float[] {images.array()[i * LENGTH], images.array()[(i + 1) * LENGTH - 1]});
        }
        return ends.toArray(float[][]::new);
    }

    private static byte[] request(String head, float first, float last) {
        byte[] text = (head + "Host: localhost\r\nContent-Length: " + LENGTH * Float.BYTES + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer request =
                ByteBuffer.allocate(text.length + LENGTH * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        request.put(text);
        request.putFloat(text.length, first);
        request.putFloat(request.capacity() - Float.BYTES, last);
        return request.array();
    }

    private static float[] floats(byte[] body) {
        float[] floats = new float[body.length / Float.BYTES];
        ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        return floats;
    }

    @Test
    void theLeastServerAnswersEachClientWithItsOwnImage() throws Exception {
        try (var server = new MinimalServer(ServingBenchmarkTest::ends, WORKLOAD)) {
            for (int i = 0; i < 3; i++) {
                var load = new HttpLoad(server.port(), List.of(request("POST / HTTP/1.1\r\n", i, -i)));
                HttpLoad.Reply reply = load.once();
                assertEquals(200, reply.status());
                assertArrayEquals(new float[] {i, -i}, floats(reply.body()));
            }
        }
    }

    @Test
    void clientsCountRepliesAfterTheWarmUp() throws Exception {
        try (var server = new MinimalServer(ServingBenchmarkTest::ends, WORKLOAD)) {
            var load = new HttpLoad(server.port(), List.of(request("POST / HTTP/1.1\r\n", 1, 2)));
            load.once(); // loads classes
            HttpLoad.Result result = load.run(4, Duration.ofMillis(100), Duration.ofSeconds(2));
            double[] sorted = result.latencies().clone();
            Arrays.sort(sorted);
            assertArrayEquals(sorted, result.latencies());
            assertEquals(sorted.length / 2.0, result.perSecond(), 1e-9);
            assertEquals(sorted[sorted.length / 2], result.quantile(0.5));
            assertEquals(sorted[sorted.length - 1], result.quantile(1));
        }
    }

    @Test
    void aFailingServerEndsTheMeasurement() throws Exception {
        ServingPeer.Network failing = _ -> {
            throw new IllegalStateException("broken");
        };
        try (var server = new MinimalServer(failing, WORKLOAD)) {
            var load = new HttpLoad(server.port(), List.of(request("POST / HTTP/1.1\r\n", 1, 2)));
            assertEquals(500, load.once().status());
            var failure = assertThrows(
                    BenchmarkFailedException.class, () -> load.run(2, Duration.ofMillis(10), Duration.ofMillis(100)));
            assertTrue(failure.getMessage().contains("status 500"), failure.getMessage());
        }
    }

    @Test
    void optionsAreChecked() {
        ServingOptions options =
                ServingOptions.parse("--model", "resnet50", "--precision", "int8", "--clients", "8", "--seconds", "2");
        assertEquals("resnet50", options.model());
        assertEquals(List.of(Precision.INT8), options.precisions());
        assertEquals(8, options.clients());
        assertThrows(IllegalArgumentException.class, () -> ServingOptions.parse("--clients", "0"));
        assertThrows(IllegalArgumentException.class, () -> ServingOptions.parse("--model", "alexnet"));
        assertThrows(IllegalArgumentException.class, () -> ServingOptions.parse("--shape", "1"));
    }
}
