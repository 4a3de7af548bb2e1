package org.resnet4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;

/**
 * Tests of commands with {@code hub:} names as real processes, since the address of the hub comes from the environment.
 * The hub is a local server.
 */
class HubCommandTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    private Path folder;

    private Path published;
    private HttpServer server;

    /** True if the next response with weights breaks off in the middle. */
    private final AtomicBoolean breaks = new AtomicBoolean(true);

    @BeforeEach
    void publish() throws IOException {
        published = folder.resolve("published");
        ResNet network = ResNet.create(ResNets.named("resnet8").withClasses(5), 4);
        var normalization = Normalization.uniform(3, 0.25f, 0.125f);
        var transform = EvaluationTransform.ofCropPct(32, 1, Interpolation.BICUBIC, normalization);
        ModelFolder.save(published, new Model(network, List.of("a", "b", "c", "d", "e"), transform));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/us/small/resolve/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            Path file = published.resolve(path.substring(path.lastIndexOf('/') + 1));
            exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
            if (!Files.exists(file)) {
                exchange.getResponseHeaders().set("X-Error-Code", "EntryNotFound");
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] bytes = Files.readAllBytes(file);
            String tag = HexFormat.of().toHexDigits(bytes.length);
            exchange.getResponseHeaders().set("ETag", "\"" + tag + "\"");
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(bytes.length));
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            String range = exchange.getRequestHeaders().getFirst("Range");
            int start = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
            if (range != null) {
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + start + "-" + (bytes.length - 1) + "/" + bytes.length);
            }
            exchange.sendResponseHeaders(range == null ? 200 : 206, bytes.length - start);
            boolean whole = file.endsWith(ModelFolder.CONFIG) || !breaks.getAndSet(false);
            int count = whole ? bytes.length - start : bytes.length / 2;
            exchange.getResponseBody().write(bytes, start, count);
        }
    }

    /**
     * Runs a command to its end and returns its output.
     *
     * @param environment additional environment variables
     */
    private Cli run(Map<String, String> environment, Object... arguments) throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = process(environment, arguments)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), "the command must end");
        return new Cli(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private ProcessBuilder process(Map<String, String> environment, Object... arguments) {
        var builder = new ProcessBuilder(Cli.quickProcessOf(arguments));
        builder.environment().keySet().removeIf(name -> name.startsWith("HF_"));
        builder.environment()
                .put("HF_ENDPOINT", "http://127.0.0.1:" + server.getAddress().getPort());
        builder.environment().put("HF_HOME", folder.resolve("hf").toString());
        builder.environment().putAll(environment);
        return builder;
    }

    @Test
    void trainingGoesOnFromAModelOfTheHub() throws Exception {
        Path data = Cli.pictures(folder.resolve("data"), 8, 0);
        Path model = folder.resolve("model");

        Cli cli = run(
                Map.of(),
                "train",
                "--weights",
                "hub:us/small",
                "--data",
                data,
                "--epochs",
                1,
                "--threads",
                1,
                "--output",
                model);

        assertEquals(0, cli.code(), cli.err());
        assertFalse(breaks.get(), "the download must break off once");
        assertTrue(cli.err().contains("the classifier is initialized anew for 3 classes"), cli.err());
        Model trained = ModelFolder.load(model);
        assertEquals(List.of("dark", "light", "striped"), trained.labels());
        assertEquals(Interpolation.BICUBIC, trained.transform().interpolation());
        assertEquals(0.125f, trained.transform().normalization().std()[0]);
    }

    @Test
    void aModelOfTheHubPredictsAsItsFolderDoesAndAgainWithoutTheHub() throws Exception {
        Path data = Cli.pictures(folder.resolve("data"), 1, 0);
        Path picture = data.resolve("striped").resolve("0.png");
        String expected = run(Map.of(), "predict", published, picture, "--logits", "--json")
                .out();

        Cli first = run(Map.of(), "predict", "hub:us/small", picture, "--logits", "--json");
        server.stop(0);
        Cli again = run(Map.of("HF_HUB_OFFLINE", "1"), "predict", "hub:us/small", picture, "--logits", "--json");

        assertTrue(expected.contains("logits"), expected);
        assertEquals(expected, first.out(), first.err());
        assertEquals(expected, again.out(), again.err());
    }

    @Test
    void aModelOfTheHubIsServedUnderTheNameOfItsRepository() throws Exception {
        Process process =
                process(Map.of(), "serve", "hub:us/small", "--port", 0).start();
        try (var err = process.errorReader()) {
            String said = err.lines()
                    .filter(line -> line.startsWith("serving "))
                    .findFirst()
                    .orElseThrow();
            assertTrue(said.startsWith("serving small at "), said);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void whatTheHubDoesNotHaveIsBadInputAndAHubThatIsNoneAFailure() throws Exception {
        Cli missing = run(Map.of(), "info", "hub:us/small@v2/../../x");
        assertEquals(3, missing.code());
        assertTrue(missing.err().contains("hub:us/small@v2/../../x"), missing.err());
        Files.delete(published.resolve(ModelFolder.WEIGHTS));
        Cli empty = run(Map.of(), "info", "hub:us/small");
        assertEquals(3, empty.code());
        assertTrue(empty.err().contains("neither model.safetensors nor pytorch_model.bin"), empty.err());
        Cli wrong = run(Map.of("HF_ENDPOINT", "ftp://hub"), "info", "hub:us/small");
        assertEquals(1, wrong.code());
        assertTrue(wrong.err().contains("HF_ENDPOINT"), wrong.err());
    }
}
