package org.resnet4j.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.ImageClassifier;
import org.resnet4j.Prediction;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.insight.GradCam;
import org.resnet4j.insight.HeatMap;
import tools.jackson.jr.ob.JSON;

/** Tests of pictures over HTTP: forms, JSON, embeddings, heat maps, and the list of models. */
@Timeout(120)
class PicturesTest {
    private static final byte[] NO_PICTURE = "no picture".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private static Path folder;

    private static ModelServer server;
    private static ModelServer others;
    private static ImageClassifier classifier;
    private static HttpClient client;

    @BeforeAll
    static void start() throws Exception {
        Path pets = TinyModel.save(folder.resolve("pets"), 2);
        server = ModelServer.builder()
                .port(0)
                .model(pets)
                .model("pets", "2", pets)
                .start();
        others = ModelServer.builder()
                .port(0)
                .model(TinyModel.saveQuantized(folder.resolve("quantized"), 2))
                .model("bf16", "1", pets)
                .bfloat16()
                .start();
        classifier = ImageClassifier.load(pets);
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        server.close();
        others.close();
        classifier.close();
        client.close();
    }

    private static HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private static HttpResponse<String> post(String path, String type, byte[] body) throws Exception {
        HttpRequest request = to(path).header("Content-Type", type)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static HttpResponse<String> json(String path, String body) throws Exception {
        return post(path, "application/json", body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Object> content(HttpResponse<String> reply) {
        assertEquals(200, reply.statusCode(), reply.body());
        return JSON.std.mapFrom(reply.body());
    }

    private static Object at(Object json, Object... path) {
        Object value = json;
        for (Object step : path) {
            value = value instanceof List<?> list ? list.get((Integer) step) : ((Map<?, ?>) value).get(step);
        }
        return value;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static Prediction expected(long seed) throws IOException {
        return classifier.predict(ImageDecoder.decode(TinyModel.picture(seed)));
    }

    /** Returns a form of files with these contents, as browsers and curl send it. */
    private static byte[] form(byte[]... files) {
        var form = new ByteArrayOutputStream();
        for (int i = 0; i < files.length; i++) {
            form.writeBytes(("--limit\r\nContent-Disposition: form-data; name=\"image\"; filename=\"" + i
                            + ".png\"\r\nContent-Type: image/png\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            form.writeBytes(files[i]);
            form.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        }
        form.writeBytes("--limit--\r\n".getBytes(StandardCharsets.UTF_8));
        return form.toByteArray();
    }

    @Test
    void aDamagedPictureOfAFormDoesNotFailTheOthers() throws Exception {
        Map<String, Object> reply = content(post(
                "/v1/classify?top=1",
                "multipart/form-data; boundary=limit",
                form(TinyModel.picture(1), NO_PICTURE, TinyModel.picture(2))));
        assertEquals("pets", reply.get("model"));
        assertEquals("2", reply.get("version"));
        assertEquals(3, ((List<?>) reply.get("results")).size());
        assertEquals("0.png", at(reply, "results", 0, "name"));
        assertEquals(expected(1).classes().getFirst().label(), at(reply, "results", 0, "classes", 0, "label"));
        assertNull(at(reply, "results", 0, "error"));
        assertEquals("1.png", at(reply, "results", 1, "name"));
        assertNull(at(reply, "results", 1, "classes"));
        assertTrue(String.valueOf(at(reply, "results", 1, "error")).contains("the picture"), reply.toString());
        assertEquals(expected(2).classes().getFirst().label(), at(reply, "results", 2, "classes", 0, "label"));
    }

    @Test
    void picturesInJsonAreAnsweredAsOneOrAsAList() throws Exception {
        String picture = base64(TinyModel.picture(3));
        Map<String, Object> one = content(json("/v1/classify", "{'image':'" + picture + "'}"));
        HttpResponse<String> body = post("/v1/classify", "application/octet-stream", TinyModel.picture(3));
        assertEquals(JSON.std.mapFrom(body.body()), one);

        Map<String, Object> list =
                content(json("/v1/classify", "{'images':['" + picture + "','" + base64(NO_PICTURE) + "']}"));
        assertEquals(at(one, "classes"), at(list, "results", 0, "classes"));
        assertTrue(at(list, "results", 1, "error") instanceof String, list.toString());
    }

    @Test
    void oneDamagedPictureIsAnError() throws Exception {
        assertEquals(422, post("/v1/classify", "image/png", NO_PICTURE).statusCode());
        HttpResponse<String> reply = json("/v1/classify", "{'image':'" + base64(NO_PICTURE) + "'}");
        assertEquals(422, reply.statusCode());
        assertEquals(422, post("/v1/heatmap", "image/png", NO_PICTURE).statusCode());
    }

    @Test
    void theEmbeddingIsThatOfTheLibrary() throws Exception {
        Map<String, Object> reply = content(post("/v1/classify?embedding=true", "image/png", TinyModel.picture(4)));
        float[] embedding = expected(4).embedding();
        List<?> values = (List<?>) reply.get("embedding");
        assertEquals(embedding.length, values.size());
        for (int i = 0; i < embedding.length; i++) {
            assertEquals(embedding[i], ((Number) values.get(i)).floatValue(), 1e-4f);
        }
        assertFalse(content(post("/v1/classify?embedding=false", "image/png", TinyModel.picture(4)))
                .containsKey("embedding"));
    }

    private static BufferedImage image(byte[] png) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(png));
    }

    /** Returns the opacities of the drawing of a heat map of the library. */
    private static int[] opacities(long seed, int label) throws IOException {
        HeatMap map = classifier
                .explain(ImageDecoder.decode(TinyModel.picture(seed)))
                .heatMap(label, GradCam.Method.GRAD_CAM)
                .resized(TinyModel.SIZE, TinyModel.SIZE);
        return IntStream.range(0, map.values().length)
                .map(i -> Math.round(16 + 214 * map.values()[i]))
                .toArray();
    }

    private static int[] opacities(BufferedImage drawn) {
        return IntStream.range(0, drawn.getWidth() * drawn.getHeight())
                .map(i -> drawn.getRGB(i % drawn.getWidth(), i / drawn.getWidth()) >>> 24)
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void heatMapsAreThoseOfTheLibrary(int label) throws Exception {
        Map<String, Object> reply =
                content(post("/v1/classify?heatmap=true&class=" + label, "image/png", TinyModel.picture(5)));
        assertEquals(label, at(reply, "heatmap", "index"));
        assertEquals(TinyModel.LABELS.get(label), at(reply, "heatmap", "label"));
        assertEquals("layer3.0", at(reply, "heatmap", "block"));
        byte[] png = Base64.getDecoder().decode(String.valueOf(at(reply, "heatmap", "png")));
        int[] actual = opacities(image(png));
        int[] expected = opacities(5, label);
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 1);
        }

        HttpRequest request = to("/v1/heatmap?class=" + TinyModel.LABELS.get(label))
                .POST(BodyPublishers.ofByteArray(TinyModel.picture(5)))
                .build();
        HttpResponse<byte[]> alone = client.send(request, BodyHandlers.ofByteArray());
        assertEquals("image/png", alone.headers().firstValue("Content-Type").orElseThrow());
        assertArrayEquals(png, alone.body());
    }

    @Test
    void withoutAClassTheHeatMapIsThatOfTheBestOneForEachPicture() throws Exception {
        Map<String, Object> reply = content(post(
                "/v1/classify?heatmap=true",
                "multipart/form-data; boundary=\"limit\"",
                form(TinyModel.picture(6), NO_PICTURE, TinyModel.picture(7))));
        for (int i : new int[] {0, 2}) {
            assertEquals(at(reply, "results", i, "classes", 0, "index"), at(reply, "results", i, "heatmap", "index"));
        }
        assertNull(at(reply, "results", 1, "heatmap"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bf16", "int8"})
    void modelsInOtherNumberFormatsHaveHeatMapsToo(String model) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + others.port() + "/v1/classify?heatmap=true&model=" + model))
                .POST(BodyPublishers.ofByteArray(TinyModel.picture(5)))
                .build();
        Map<String, Object> reply = content(client.send(request, BodyHandlers.ofString()));
        int label = (Integer) at(reply, "heatmap", "index");
        int[] actual = opacities(image(Base64.getDecoder().decode(String.valueOf(at(reply, "heatmap", "png")))));
        int[] expected = opacities(5, label);
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.abs(expected[i] - actual[i]) / 255.0 / expected.length;
        }
        assertEquals(0, difference, 0.1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/v1/classify|{'image':3}|must be {\\\"image\\\"",
                "/v1/classify|{'picture':'QQ=='}|must be {\\\"image\\\"",
                "/v1/classify|{'images':[]}|must be {\\\"image\\\"",
                "/v1/classify|{'images':['QQ==',3]}|must be {\\\"image\\\"",
                "/v1/classify|{'image':'QQ==','top':3}|must be {\\\"image\\\"",
                "/v1/classify|{'image':'QQ=='} x|not valid JSON",
                "/v1/classify|{'image':'Q'}|not valid JSON with pictures in base64",
                "/v1/classify|[|must be {\\\"image\\\"",
                "/v1/classify?heatmap=yes|{'image':'QQ=='}|heatmap must be true or false, got 'yes'",
                "/v1/classify?heatmap=true&class=bird|{'image':'QQ=='}|the model pets has no class 'bird'",
                "/v1/classify?heatmap=true&class=3|{'image':'QQ=='}|the model pets has no class '3'",
                "/v1/heatmap|{'images':['QQ==','QQ==']}|drawn for one picture; the request has 2"
            })
    void aWrongRequestIsExplained(String path, String body, String reason) throws Exception {
        HttpResponse<String> reply = json(path, body);
        assertEquals(400, reply.statusCode(), reply.body());
        assertTrue(reply.body().contains(reason), reply.body());
    }

    @Test
    void modelsAreListedWithTheirVersions() throws Exception {
        HttpResponse<String> reply = client.send(to("/v1/models").build(), BodyHandlers.ofString());
        String version =
                "\"architecture\":\"resnet8\",\"precision\":\"float32\",\"memory_bytes\":MEMORY,\"classes\":3,\"channels\":3,"
                    + "\"size\":16,\"block\":\"layer3.0\"}";
        assertEquals(
                "{\"models\":[{\"name\":\"pets\",\"versions\":[{\"version\":\"1\"," + version + ",{\"version\":\"2\","
                        + version + "]}]}",
                reply.body().replaceAll("(memory_bytes\":)[1-9][0-9]{5,6},", "$1MEMORY,"));
        HttpRequest other = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + others.port() + "/v1/models"))
                .build();
        String body = client.send(other, BodyHandlers.ofString()).body();
        assertTrue(body.contains("\"precision\":\"bf16\""), body);
        assertTrue(body.contains("\"precision\":\"int8\""), body);
    }

    @Test
    void theDrawingOfANetworkMarksTheBlockOfHeatMaps() throws Exception {
        HttpResponse<String> reply =
                client.send(to("/v1/models/pets/drawing?version=1").build(), BodyHandlers.ofString());
        assertEquals(200, reply.statusCode());
        assertEquals("image/svg+xml", reply.headers().firstValue("Content-Type").orElseThrow());
        assertTrue(reply.body().contains("class=\"mark\""), reply.body());
        assertEquals(
                404,
                client.send(to("/v1/models/pets/drawing?version=7").build(), BodyHandlers.ofString())
                        .statusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "/,text/html;charset=utf-8",
        "/docs,text/html;charset=utf-8",
        "/page/app.js,text/javascript;charset=utf-8",
        "/page/style.css,text/css;charset=utf-8",
        "/page/icon.svg,image/svg+xml",
        "/openapi.json,application/json"
    })
    void thePageAllowsNothingButItself(String path, String type) throws Exception {
        HttpResponse<String> reply = client.send(to(path).build(), BodyHandlers.ofString());
        assertEquals(200, reply.statusCode());
        assertEquals(type, reply.headers().firstValue("Content-Type").orElseThrow());
        assertEquals(
                "nosniff", reply.headers().firstValue("X-Content-Type-Options").orElseThrow());
        assertEquals(
                "no-referrer", reply.headers().firstValue("Referrer-Policy").orElseThrow());
        String policy = reply.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self';"), policy);
        assertTrue(policy.contains("frame-ancestors 'none'"), policy);
        assertFalse(policy.contains("unsafe"), policy);
    }
}
