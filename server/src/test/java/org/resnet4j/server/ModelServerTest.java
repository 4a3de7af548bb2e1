package org.resnet4j.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
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
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.ImageClassifier;
import org.resnet4j.Prediction;
import org.resnet4j.image.file.ImageDecoder;

/** Tests of the protocol over HTTP, with the JDK's client. */
@Timeout(120)
class ModelServerTest {
    private static final int LENGTH = 3 * TinyModel.SIZE * TinyModel.SIZE;
    private static final String SHAPE = "[1,3,16,16]";

    @TempDir
    private static Path folder;

    private static ModelServer server;
    private static ImageClassifier classifier;
    private static HttpClient client;

    @BeforeAll
    static void start() throws IOException {
        Path old = TinyModel.save(folder.resolve("old"), 1);
        Path pets = TinyModel.save(folder.resolve("pets"), 2);
        server = ModelServer.builder()
                .port(0)
                .model("pets", "9", old)
                .model("pets", "10", pets)
                .model(old)
                .start();
        classifier = ImageClassifier.load(pets);
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        server.close();
        classifier.close();
        client.close();
    }

    private static HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return client.send(to(path).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request = to(path).POST(BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> infer(String json) throws Exception {
        return post("/v2/models/pets/infer", json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the prediction of the library for a picture. */
    private static Prediction expected(long seed) throws IOException {
        return classifier.predict(ImageDecoder.decode(TinyModel.picture(seed)));
    }

    /** Returns the numbers of an output in a reply. */
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

    private static float[] image(long seed) {
        var random = new SplittableRandom(seed);
        float[] image = new float[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            image[i] = (float) random.nextDouble(-2, 2);
        }
        return image;
    }

    private static byte[] bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static byte[] joined(String json, byte[]... parts) {
        byte[] text = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        ByteBuffer all = ByteBuffer.allocate(
                text.length + Arrays.stream(parts).mapToInt(part -> part.length).sum());
        all.put(text);
        Arrays.stream(parts).forEach(all::put);
        return all.array();
    }

    @Test
    void theServerDescribesItselfAndItsHealth() throws Exception {
        assertEquals(
                "{\"name\":\"resnet4j\",\"version\":\"development\",\"extensions\":[\"binary_tensor_data\"]}",
                get("/v2").body());
        assertEquals("{\"live\":true}", get("/v2/health/live").body());
        assertEquals("{\"ready\":true}", get("/v2/health/ready").body());
        assertEquals(200, get("/v2/health/ready").statusCode());
    }

    @Test
    void aModelDescribesItsTensors() throws Exception {
        HttpResponse<String> reply = get("/v2/models/pets");
        assertEquals(200, reply.statusCode());
        assertEquals(
                "application/json", reply.headers().firstValue("Content-Type").orElseThrow());
        assertEquals(
                "{\"name\":\"pets\",\"versions\":[\"9\",\"10\"],\"platform\":\"resnet4j\",\"inputs\":["
                        + "{\"name\":\"input\",\"datatype\":\"FP32\",\"shape\":[-1,3,16,16]}],\"outputs\":["
                        + "{\"name\":\"logits\",\"datatype\":\"FP32\",\"shape\":[-1,3]},"
                        + "{\"name\":\"probabilities\",\"datatype\":\"FP32\",\"shape\":[-1,3]},"
                        + "{\"name\":\"embedding\",\"datatype\":\"FP32\",\"shape\":[-1,64]}]}",
                reply.body());
        assertEquals(reply.body(), get("/v2/models/pets/versions/9").body());
        assertEquals(
                "{\"name\":\"pets\",\"ready\":true}",
                get("/v2/models/pets/versions/10/ready").body());
    }

    @Test
    void tensorsInJsonAreAnsweredInJson() throws Exception {
        float[] image = image(1);
        HttpResponse<String> reply = infer("{'id':'a b','inputs':[{'name':'input','shape':" + SHAPE
                + ",'datatype':'FP32','data':" + Arrays.toString(image) + "}]}");

        assertEquals(200, reply.statusCode(), reply.body());
        assertTrue(
                reply.body()
                        .startsWith("{\"model_name\":\"pets\",\"model_version\":\"10\",\"id\":\"a b\",\"outputs\":["),
                reply.body());
        float[] probabilities = data(reply.body(), "probabilities");
        assertEquals(1, probabilities[0] + probabilities[1] + probabilities[2], 1e-5);
        assertEquals(64, data(reply.body(), "embedding").length);

        // a gray pixel after the normalization of the model has the same meaning in both layouts
        HttpResponse<String> older = post(
                "/v2/models/pets/versions/9/infer",
                ("{\"inputs\":[{\"name\":\"input\",\"shape\":" + SHAPE + ",\"datatype\":\"FP32\",\"data\":"
                                + Arrays.toString(image) + "}],\"outputs\":[{\"name\":\"logits\"}]}")
                        .getBytes(StandardCharsets.UTF_8));
        assertTrue(older.body().contains("\"model_version\":\"9\""), older.body());
        assertTrue(!older.body().contains("embedding"), older.body());
        assertTrue(Math.abs(data(older.body(), "logits")[0] - data(reply.body(), "logits")[0]) > 1e-3);
    }

    @Test
    void picturesAndTensorsGetTheScoresOfTheLibrary() throws Exception {
        byte[] one = TinyModel.picture(1);
        byte[] two = TinyModel.picture(2);
        byte[] data = ByteBuffer.allocate(8 + one.length + two.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(one.length)
                .put(one)
                .putInt(two.length)
                .put(two)
                .array();
        String json = "{'inputs':[{'name':'input','shape':[2],'datatype':'BYTES','parameters':{'binary_data_size':"
                + data.length + "}}],'outputs':[{'name':'logits'}]}";
        HttpResponse<String> reply = post(
                "/v2/models/pets/infer",
                joined(json, data),
                "Inference-Header-Content-Length",
                Integer.toString(json.length()));

        assertEquals(200, reply.statusCode(), reply.body());
        float[] logits = data(reply.body(), "logits");
        for (int i = 0; i < 2; i++) {
            assertArrayEquals(expected(i + 1).logits(), Arrays.copyOfRange(logits, i * 3, i * 3 + 3), 1e-5f);
        }

        HttpResponse<String> base64 = infer("{'inputs':[{'name':'input','shape':[1,1],'datatype':'BYTES',"
                + "'parameters':{'content_type':'base64'},'data':['"
                + Base64.getEncoder().encodeToString(one) + "']}]}");
        assertArrayEquals(expected(1).logits(), data(base64.body(), "logits"), 1e-5f);
        assertArrayEquals(expected(1).embedding(), data(base64.body(), "embedding"), 1e-5f);
    }

    @Test
    void binaryTensorsComeBackAsBytes() throws Exception {
        float[] image = image(7);
        String json = "{'parameters':{'binary_data_output':true},'inputs':[{'name':'input','shape':" + SHAPE
                + ",'datatype':'FP32','parameters':{'binary_data_size':" + LENGTH * Float.BYTES
                + "}}],'outputs':[{'name':'logits'},{'name':'probabilities','parameters':{'binary_data':false}}]}";
        HttpRequest request = to("/v2/models/pets/infer")
                .header("Inference-Header-Content-Length", Integer.toString(json.length()))
                .POST(BodyPublishers.ofByteArray(joined(json, bytes(image))))
                .build();
        HttpResponse<byte[]> reply = client.send(request, BodyHandlers.ofByteArray());

        assertEquals(200, reply.statusCode());
        assertEquals(
                "application/octet-stream",
                reply.headers().firstValue("Content-Type").orElseThrow());
        int length = Integer.parseInt(
                reply.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
        String head = new String(reply.body(), 0, length, StandardCharsets.UTF_8);
        assertTrue(
                head.contains("{\"name\":\"logits\",\"datatype\":\"FP32\",\"shape\":[1,3],\"parameters\":"
                        + "{\"binary_data_size\":12}}"),
                head);
        assertEquals(3, data(head, "probabilities").length);
        float[] logits = new float[3];
        ByteBuffer.wrap(reply.body(), length, 12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(logits);
        HttpResponse<String> inJson = infer("{'inputs':[{'name':'input','shape':" + SHAPE + ",'datatype':'FP32','data':"
                + Arrays.toString(image) + "}]}");
        assertArrayEquals(logits, data(inJson.body(), "logits"));
    }

    @Test
    void aPictureAsTheBodyIsClassified() throws Exception {
        HttpResponse<String> reply = post("/v1/classify?model=pets&top=2", TinyModel.picture(3));
        var best = expected(3).classes();
        assertEquals(200, reply.statusCode(), reply.body());
        assertTrue(
                reply.body()
                        .startsWith("{\"model\":\"pets\",\"version\":\"10\",\"classes\":[{\"index\":"
                                + best.getFirst().index() + ",\"label\":\""
                                + best.getFirst().label() + "\",\"probability\":"),
                reply.body());
        assertEquals(2, reply.body().split("label").length - 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v2/models/birds/infer|404|there is no model 'birds'; the models are [old, pets]",
                "/v2/models/pets/versions/3/infer|404|has no version '3'; its versions are [9, 10]",
                "/v2/models/pets/infer|400|the request is not valid JSON",
                "/v1/classify|400|the query must name a model",
                "/v1/classify?model=pets|422|",
                "/v1/classify?model=pets&top=x|400|top must be a whole number, got 'x'",
                "/v1/classify?model=pets&top=0|400|top must be at least 1, got 0",
                "/v1/classify?model=birds|404|there is no model 'birds'"
            })
    void aWrongRequestIsExplained(String path, int status, String message) throws Exception {
        HttpResponse<String> reply = post(path, "no picture".getBytes(StandardCharsets.UTF_8));
        assertEquals(status, reply.statusCode(), reply.body());
        assertTrue(reply.body().startsWith("{\"error\":\""), reply.body());
        assertTrue(message == null || reply.body().contains(message), reply.body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'name':'x','shape':[1,3,16,16],'datatype':'FP32'|has one input, 'input'; the request has [x]",
                "'name':'input','shape':[1,16,16,3],'datatype':'FP32'|the model pets needs [-1, 3, 16, 16]",
                "'name':'input','shape':[768],'datatype':'FP32'|has the shape [768]",
                "'name':'input','shape':[2,3,16,8],'datatype':'FP32'|has the shape [2, 3, 16, 8]"
            })
    void aTensorThatDoesNotSuitTheModelIsRefused(String input, String message) throws Exception {
        HttpResponse<String> reply = infer("{'inputs':[{" + input + ",'data':" + Arrays.toString(image(1)) + "}]}");
        assertEquals(400, reply.statusCode(), reply.body());
        assertTrue(reply.body().contains(message), reply.body());
    }

    @Test
    void outputsThatTheModelDoesNotHaveAreRefused() throws Exception {
        String inputs = "'inputs':[{'name':'input','shape':" + SHAPE + ",'datatype':'FP32','data':"
                + Arrays.toString(image(1)) + "}]";
        assertTrue(infer("{" + inputs + ",'outputs':[{'name':'scores'}]}")
                .body()
                .contains("there is no output 'scores'; the outputs are [logits, probabilities, embedding]"));
        assertTrue(infer("{" + inputs + ",'outputs':[{'name':'logits'},{'name':'logits'}]}")
                .body()
                .contains("the output 'logits' is requested twice"));
    }

    @Test
    void scoresThatAreNotFiniteAreNoAnswer() throws Exception {
        float[] image = image(1);
        image[5] = Float.POSITIVE_INFINITY;
        String json = "{'inputs':[{'name':'input','shape':" + SHAPE + ",'datatype':'FP32','parameters':"
                + "{'binary_data_size':" + LENGTH * Float.BYTES + "}}]}";
        HttpResponse<String> reply = post(
                "/v2/models/pets/infer",
                joined(json, bytes(image)),
                "Inference-Header-Content-Length",
                Integer.toString(json.length()));
        assertEquals(422, reply.statusCode(), reply.body());
        assertTrue(reply.body().contains("not finite") || reply.body().contains("NaN"), reply.body());
    }

    @Test
    void pathsThatDoNotExistAreNotFound() throws Exception {
        for (String path : List.of("/page", "/v2/models", "/v3", "/v2/models/pets/versions")) {
            HttpResponse<String> reply = get(path);
            assertEquals(404, reply.statusCode(), path);
            assertEquals("{\"error\":\"there is nothing at " + path + "\"}", reply.body());
        }
        HttpResponse<String> method = post("/v2/models/pets", new byte[0]);
        assertEquals(405, method.statusCode());
        assertEquals("{\"error\":\"the method of /v2/models/pets is GET\"}", method.body());
        HttpResponse<String> upwards = get("/v2/../../etc/passwd");
        assertEquals(400, upwards.statusCode());
        assertTrue(upwards.body().startsWith("{\"error\":\""), upwards.body());
    }

    @Test
    void aServerStopsAfterItHasSaidSoAndAnswered() throws Exception {
        ModelServer other = ModelServer.builder()
                .port(0)
                .model(folder.resolve("old"))
                .drainDelay(Duration.ofMillis(1500))
                .start();
        URI ready = URI.create("http://127.0.0.1:" + other.port() + "/v2/health/ready");
        URI classify = URI.create("http://127.0.0.1:" + other.port() + "/v1/classify");
        assertEquals(
                200,
                client.send(HttpRequest.newBuilder(ready).build(), BodyHandlers.discarding())
                        .statusCode());
        Thread closing = Thread.ofVirtual().start(other::close);
        while (client.send(HttpRequest.newBuilder(ready).build(), BodyHandlers.discarding())
                        .statusCode()
                == 200) {
            Thread.sleep(10);
        }
        HttpResponse<String> reply = client.send(
                HttpRequest.newBuilder(classify)
                        .POST(BodyPublishers.ofByteArray(TinyModel.picture(1)))
                        .build(),
                BodyHandlers.ofString());
        assertEquals(200, reply.statusCode(), "it answers while it drains");
        closing.join();
        assertThrows(
                ConnectException.class,
                () -> client.send(HttpRequest.newBuilder(ready).build(), BodyHandlers.discarding()));
        other.close();
    }

    @Test
    void aModelThatCannotBeLoadedIsNamed() {
        var failure = assertThrows(
                IOException.class,
                () -> ModelServer.builder()
                        .port(0)
                        .model("none", "1", folder.resolve("none"))
                        .start());
        assertTrue(failure.getMessage().contains("none"), failure.getMessage());
        assertThrows(IllegalStateException.class, () -> ModelServer.builder().start());
        assertThrows(IllegalArgumentException.class, () -> ModelServer.builder().port(70_000));
        for (String name : List.of("", "a/b", "..", "-x", "a b", "ä")) {
            assertThrows(
                    IllegalArgumentException.class, () -> ModelServer.builder().model(name, "1", folder), name);
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> ModelServer.builder().model("a", "1", folder).model("a", "1", folder.resolve("x")));
    }
}
