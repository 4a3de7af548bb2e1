package org.resnet4j.server.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.server.ModelServer;
import org.resnet4j.server.TinyModel;

/** Tests of the protocol over gRPC, beside the same requests over HTTP. */
@Timeout(120)
class GrpcServerTest {
    private static final int LENGTH = 3 * TinyModel.SIZE * TinyModel.SIZE;
    private static final int MAX_MESSAGE = 64 << 20;

    @TempDir
    private static Path folder;

    private static ModelServer server;
    private static GrpcClient client;
    private static HttpClient http;

    @BeforeAll
    static void start() throws IOException {
        server = ModelServer.builder()
                .port(0)
                .grpcPort(0)
                .model("pets", "9", TinyModel.save(folder.resolve("old"), 1))
                .model("pets", "10", TinyModel.save(folder.resolve("pets"), 2))
                .start();
        client = new GrpcClient(server.grpcPort());
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        client.close();
        http.close();
        server.close();
    }

    private static float[] image(long seed) {
        var random = new SplittableRandom(seed);
        float[] image = new float[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            image[i] = (float) random.nextDouble(-2, 2);
        }
        return image;
    }

    private static byte[] input(String type, byte[] shape, byte[]... contents) {
        return Wire.bytes(5, Wire.text(1, "input"), Wire.text(2, type), shape, Wire.message(contents));
    }

    private static byte[] imageShape() {
        return Wire.packed(3, 1, 3, TinyModel.SIZE, TinyModel.SIZE);
    }

    private static byte[] typed(float[] image) {
        return input("FP32", imageShape(), Wire.bytes(5, Wire.bytes(6, Wire.floats(image))));
    }

    private static byte[] model() {
        return Wire.text(1, "pets");
    }

    private static String rest(String json) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + "/v2/models/pets/infer"))
                .POST(BodyPublishers.ofString(json.replace('\'', '"')))
                .build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    /** Returns the numbers of an output in a reply over HTTP. */
    private static float[] data(String reply, String output) {
        String after = reply.substring(reply.indexOf("\"name\":\"" + output + "\""));
        String list = after.substring(after.indexOf("\"data\":[") + "\"data\":[".length());
        String[] numbers = list.substring(0, list.indexOf(']')).split(",");
        float[] data = new float[numbers.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = Float.parseFloat(numbers[i]);
        }
        return data;
    }

    private static void assertFails(Status.Code code, String message, Executable call) {
        Status status = assertThrows(StatusRuntimeException.class, call).getStatus();
        assertEquals(code, status.getCode(), status.toString());
        assertTrue(String.valueOf(status.getDescription()).contains(message), status.toString());
    }

    @Test
    void theServerDescribesItselfAndItsHealth() {
        assertTrue(client.call("ServerLive").flag(1));
        assertTrue(client.call("ServerReady").flag(1));
        Wire metadata = client.call("ServerMetadata");
        assertEquals("resnet4j", metadata.text(1));
        assertEquals("development", metadata.text(2));
        assertFails(Status.Code.UNIMPLEMENTED, "", () -> client.call("ServerDead"));
    }

    @Test
    void aModelDescribesItsTensors() {
        assertTrue(client.call("ModelReady", model()).flag(1));
        assertTrue(client.call("ModelReady", model(), Wire.text(2, "9")).flag(1));
        assertFalse(client.call("ModelReady", model(), Wire.text(2, "3")).flag(1));
        assertFalse(client.call("ModelReady", Wire.text(1, "birds")).flag(1));

        Wire metadata = client.call("ModelMetadata", model());
        assertEquals("pets", metadata.text(1));
        assertEquals(List.of("9", "10"), metadata.texts(2));
        assertEquals("resnet4j", metadata.text(3));
        var tensors = new ArrayList<String>();
        for (int field : new int[] {4, 5}) {
            for (Wire tensor : metadata.messages(field)) {
                tensors.add(tensor.text(1) + " " + tensor.text(2) + " " + tensor.packed(3));
            }
        }
        assertEquals(
                List.of(
                        "input FP32 [-1, 3, 16, 16]",
                        "logits FP32 [-1, 3]",
                        "probabilities FP32 [-1, 3]",
                        "embedding FP32 [-1, 64]"),
                tensors);
        assertFails(
                Status.Code.NOT_FOUND,
                "there is no model 'birds'",
                () -> client.call("ModelMetadata", Wire.text(1, "birds")));
    }

    @Test
    void typedTensorsAreAnsweredWithTypedTensorsAsOverHttp() throws Exception {
        float[] image = image(1);
        Wire reply = client.call(
                "ModelInfer",
                model(),
                Wire.text(3, "a b"),
                typed(image),
                Wire.bytes(99, new byte[3]),
                Wire.number(98, 7));
        assertEquals("pets", reply.text(1));
        assertEquals("10", reply.text(2));
        assertEquals("a b", reply.text(3));
        assertEquals(List.of(), reply.all(6));
        String rest = rest("{'inputs':[{'name':'input','shape':[1,3,16,16],'datatype':'FP32','data':"
                + Arrays.toString(image) + "}]}");
        List<Wire> outputs = reply.messages(5);
        assertEquals(3, outputs.size());
        for (Wire output : outputs) {
            float[] expected = data(rest, output.text(1));
            assertEquals("FP32", output.text(2));
            assertEquals(List.of(1L, (long) expected.length), output.packed(3));
            assertArrayEquals(
                    expected, Wire.toFloats(output.messages(5).getFirst().one(6)), output.text(1));
        }
    }

    @Test
    void rawTensorsAreAnsweredWithRawTensorsAsOverHttp() throws Exception {
        float[] image = image(2);
        Wire reply = client.call(
                "ModelInfer",
                model(),
                Wire.text(2, "9"),
                input("FP32", imageShape()),
                Wire.bytes(6, Wire.text(1, "probabilities")),
                Wire.bytes(6, Wire.text(1, "logits")),
                Wire.bytes(7, Wire.floats(image)));
        assertEquals("9", reply.text(2));
        assertEquals(List.of(), reply.all(3));
        List<Wire> outputs = reply.messages(5);
        assertEquals(
                List.of("probabilities", "logits"),
                outputs.stream().map(output -> output.text(1)).toList());
        assertEquals(List.of(), outputs.getFirst().all(5));
        Wire typed = client.call("ModelInfer", model(), Wire.text(2, "9"), typed(image));
        assertArrayEquals(
                typed.messages(5).getFirst().messages(5).getFirst().one(6),
                reply.all(6).get(1));

        ByteBuffer half = ByteBuffer.allocate(LENGTH * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        float[] rounded = new float[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            half.putShort(Float.floatToFloat16(image[i]));
            rounded[i] = Float.float16ToFloat(Float.floatToFloat16(image[i]));
        }
        Wire halves = client.call("ModelInfer", model(), input("FP16", imageShape()), Wire.bytes(7, half.array()));
        String rest = rest("{'inputs':[{'name':'input','shape':[1,3,16,16],'datatype':'FP32','data':"
                + Arrays.toString(rounded) + "}]}");
        assertArrayEquals(data(rest, "logits"), Wire.toFloats(halves.all(6).getFirst()));
    }

    @Test
    void picturesGetTheSameAnswerRawTypedAndOverHttp() throws Exception {
        byte[] one = TinyModel.picture(1);
        byte[] two = TinyModel.picture(2);
        Wire raw = client.call(
                "ModelInfer", model(), input("BYTES", Wire.packed(3, 2)), Wire.bytes(7, Wire.strings(one, two)));
        Wire typed = client.call(
                "ModelInfer",
                model(),
                input(
                        "BYTES",
                        Wire.message(Wire.number(3, 2), Wire.number(3, 1)),
                        Wire.bytes(5, Wire.bytes(8, one), Wire.bytes(8, two))));
        var encoder = java.util.Base64.getEncoder();
        String rest = rest("{'inputs':[{'name':'input','shape':[2],'datatype':'BYTES','parameters':{'content_type':"
                + "'base64'},'data':['" + encoder.encodeToString(one) + "','" + encoder.encodeToString(two) + "']}]}");
        assertEquals(List.of(2L, 3L), raw.messages(5).getFirst().packed(3));
        float[] logits = Wire.toFloats(raw.all(6).getFirst());
        assertArrayEquals(data(rest, "logits"), logits);
        assertArrayEquals(
                logits,
                Wire.toFloats(
                        typed.messages(5).getFirst().messages(5).getFirst().one(6)));
    }

    @Test
    void compressedMessagesAreRead() {
        Wire plain = client.call("ModelInfer", model(), typed(image(5)));
        Wire compressed =
                client.call("ModelInfer", options -> options.withCompression("gzip"), model(), typed(image(5)));
        assertArrayEquals(plain.all(5).getFirst(), compressed.all(5).getFirst());
    }

    @Test
    void wrongRequestsAreExplained() {
        byte[] image = typed(image(1));
        assertFails(
                Status.Code.NOT_FOUND,
                "there is no model 'birds'; the models are [pets]",
                () -> client.call("ModelInfer", Wire.text(1, "birds"), image));
        assertFails(
                Status.Code.NOT_FOUND,
                "has no version '3'; its versions are [9, 10]",
                () -> client.call("ModelInfer", model(), Wire.text(2, "3"), image));
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "the model pets has one input, 'input'; the request has []",
                () -> client.call("ModelInfer", model()));
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "there is no output 'scores'",
                () -> client.call("ModelInfer", model(), image, Wire.bytes(6, Wire.text(1, "scores"))));
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "the picture",
                () -> client.call(
                        "ModelInfer",
                        model(),
                        input("BYTES", Wire.packed(3, 1)),
                        Wire.bytes(7, Wire.strings(new byte[] {1, 2, 3}))));
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "the message is malformed",
                () -> client.call("ModelInfer", model(), new byte[] {42, 100}));
    }

    @Test
    void timeoutsAndDeadlinesEndACall() {
        byte[] image = typed(image(1));
        for (byte[] choice : List.of(Wire.number(2, 1), Wire.number(5, 1), Wire.text(3, "1"))) {
            assertFails(
                    Status.Code.DEADLINE_EXCEEDED,
                    "the deadline passed",
                    () -> client.call("ModelInfer", model(), image, Wire.parameter(4, "timeout", choice)));
        }
        assertFails(
                Status.Code.DEADLINE_EXCEEDED,
                "",
                () -> client.call(
                        "ModelInfer", options -> options.withDeadlineAfter(1, TimeUnit.NANOSECONDS), model(), image));
        Wire reply = client.call(
                "ModelInfer",
                options -> options.withDeadlineAfter(100, TimeUnit.SECONDS),
                model(),
                image,
                Wire.parameter(4, "timeout", Wire.number(2, 90_000_000)),
                Wire.parameter(4, "priority", Wire.number(5, 3)));
        assertEquals("pets", reply.text(1));
    }

    @Test
    void messagesThatAreTooLargeAreRefused() {
        byte[] large = Wire.bytes(99, new byte[MAX_MESSAGE]);
        String reason = "the message has more than " + MAX_MESSAGE + " bytes";
        assertFails(Status.Code.RESOURCE_EXHAUSTED, reason, () -> client.call("ModelInfer", large));
        assertFails(
                Status.Code.RESOURCE_EXHAUSTED,
                reason,
                () -> client.call("ModelInfer", options -> options.withCompression("gzip"), large));
        Wire reply = client.call("ModelInfer", model(), typed(image(1)), Wire.bytes(99, new byte[MAX_MESSAGE / 2]));
        assertEquals("pets", reply.text(1), "the connection goes on");
    }

    @Test
    void aPortIsAskedForAndNamed() throws IOException {
        assertThrows(IllegalArgumentException.class, () -> ModelServer.builder().grpcPort(70_000));
        var taken = assertThrows(
                IOException.class,
                () -> ModelServer.builder()
                        .port(0)
                        .grpcPort(server.grpcPort())
                        .model(folder.resolve("old"))
                        .start());
        assertTrue(
                taken.getMessage().startsWith("cannot listen on 127.0.0.1:" + server.grpcPort() + " for gRPC: "),
                taken.getMessage());
        try (ModelServer without =
                ModelServer.builder().port(0).model(folder.resolve("old")).start()) {
            assertThrows(IllegalStateException.class, without::grpcPort);
        }
    }
}
