package org.resnet4j.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Cli;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;

@Timeout(120)
class ServeCommandTest {
    private static final Pattern ADDRESS =
            Pattern.compile("serving (.*) at (http://127\\.0\\.0\\.1:\\d+), gRPC at 127\\.0\\.0\\.1:(\\d+); Ctrl-C.*");

    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void save() throws IOException {
        model = folder.resolve("shades");
        ResNet network = ResNet.create(ResNets.named("resnet8").withClasses(3).withImages(8, 3), 1);
        var transform = new EvaluationTransform(8, 8, Interpolation.BILINEAR, Normalization.IMAGENET, false);
        ModelFolder.save(model, new Model(network, List.of("dark", "light", "striped"), transform));
    }

    @Test
    void theProcessIsConfiguredAndAnswersAndASignalEndsIt() throws Exception {
        Path picture = Cli.pictures(folder.resolve("pictures"), 1, 0).resolve("dark/0.png");
        Path tokens = Files.writeString(folder.resolve("tokens"), "team-a 0123456789abcdef\n");
        Path config = Files.writeString(
                folder.resolve("serve.conf"),
                "model = gray=" + model + "\nport = 9\ndrain-delay = 0.2\naccess-log = -\ntoken-file = " + tokens
                        + "\n");
        var builder = new ProcessBuilder(Cli.quickProcessOf("serve", "--config", config, "--grpc-port", 0));
        builder.environment().put("RESNET4J_SERVE_PORT", "0");
        Process process = builder.start();
        try (BufferedReader err = process.errorReader();
                var client = HttpClient.newHttpClient()) {
            Matcher said = ADDRESS.matcher("");
            String line = err.readLine();
            while (line != null && !said.reset(line).matches()) {
                line = err.readLine();
            }
            assertTrue(said.matches(), "the server did not say where it listens");
            assertEquals("gray", said.group(1));
            HttpResponse<String> reply = client.send(
                    HttpRequest.newBuilder(URI.create(said.group(2) + "/v1/classify"))
                            .header("Authorization", "Bearer 0123456789abcdef")
                            .POST(BodyPublishers.ofFile(picture))
                            .build(),
                    BodyHandlers.ofString());
            assertEquals(200, reply.statusCode(), reply.body());
            assertTrue(reply.body().startsWith("{\"model\":\"gray\",\"version\":\"1\",\"classes\":["), reply.body());
            try (var grpc = new Socket("127.0.0.1", Integer.parseInt(said.group(3)))) {
                assertTrue(grpc.isConnected());
            }
            process.toHandle().destroy(); // Process.destroy would close the stream
            List<String> last = err.lines().toList();
            assertEquals("ending: requests that were accepted are answered", last.getLast(), last.toString());
            assertTrue(process.waitFor(30, TimeUnit.SECONDS));
            assertEquals(143, process.exitValue(), "ended by the signal");
            List<String> log = process.inputReader().lines().toList();
            assertEquals(1, log.size(), log.toString());
            assertTrue(log.getFirst().contains("\"user\":\"team-a\""), log.toString());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aModelThatIsMissingOrDamagedIsNamed() throws IOException {
        Cli missing = Cli.run("serve", folder.resolve("none"), "--port", 0);
        assertEquals(3, missing.code(), missing.err());
        assertTrue(missing.err().contains("none"), missing.err());
        Files.writeString(model.resolve("model.safetensors"), "no weights");
        Cli damaged = Cli.run("serve", model, "--port", 0);
        assertEquals(3, damaged.code(), damaged.err());
        assertTrue(damaged.err().contains("model.safetensors"), damaged.err());
        Path tokens = Files.writeString(folder.resolve("tokens"), "team-a short");
        Cli wrongTokens = Cli.run("serve", model, "--token-file", tokens, "--port", 0);
        assertEquals(3, wrongTokens.code(), wrongTokens.err());
        assertTrue(wrongTokens.err().contains(tokens + ": line 1: a token has"), wrongTokens.err());
        Cli noFolder = Cli.run("serve", "--models", folder.resolve("none"), "--port", 0);
        assertEquals(3, noFolder.code(), noFolder.err());
        assertTrue(noFolder.err().contains("none"), noFolder.err());
    }

    @Test
    void aPortThatIsTakenIsSaid() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Cli cli = Cli.run("serve", model, "--port", other.getLocalPort());
            assertTrue(
                    cli.err().startsWith("resnet4j: cannot listen on 127.0.0.1:" + other.getLocalPort() + ": Address"),
                    cli.err());
            assertEquals(1, cli.code());
        }
    }

    @Test
    void wrongOptionsAreRefused() {
        for (Object[] wrong : new Object[][] {
            {"serve"},
            {"serve", model, "--port", 70_000},
            {"serve", model, "--grpc-port", -1},
            {"serve", model, "--batch-size", 0},
            {"serve", model, "--deadline", 0},
            {"serve", model, model},
            {"serve", model, "--rate", 0},
            {"serve", model, "--tls-key", "server.key"},
            {"serve", "/"},
            {"serve", ".x=" + model},
            {"serve", model, "shades=" + model}
        }) {
            Cli cli = Cli.run(wrong);
            assertEquals(2, cli.code(), cli.err());
        }
    }
}
