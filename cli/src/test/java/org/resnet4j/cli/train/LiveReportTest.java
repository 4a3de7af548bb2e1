package org.resnet4j.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Cli;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.ExitCode;
import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.training.EpochMetrics;
import org.resnet4j.training.TrainingEvent;

class LiveReportTest {
    @TempDir
    private Path folder;

    private final AtomicLong clock = new AtomicLong();

    private LiveReport report() throws Exception {
        var report = new LiveReport(0, new OutputFolder(folder), clock::get);
        report.show(Map.of("seed", "7"), new RunCurves(10, 0.1));
        return report;
    }

    private static HttpResponse<String> ask(String method, String address) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(address))
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build();
            return client.send(request, BodyHandlers.ofString());
        }
    }

    private static String get(LiveReport report) throws IOException, InterruptedException {
        HttpResponse<String> answer = ask("GET", report.address());
        assertEquals(200, answer.statusCode());
        assertEquals("no-store", answer.headers().firstValue("Cache-Control").orElse(""));
        return answer.body();
    }

    @Test
    void thePageShowsWhereTheRunIs() throws Exception {
        try (LiveReport report = report()) {
            report.on(new TrainingEvent.Started(3, 5, 1, 0, 0, false));
            assertTrue(get(report).contains("Epoch 1 of 3, batch 0 of 5."));

            report.on(new TrainingEvent.StepCompleted(1, 1, 2.25, 0.1, 8));
            assertTrue(get(report).contains("Epoch 1 of 3, batch 1 of 5."), "a single batch has no speed");
            clock.addAndGet(TimeUnit.SECONDS.toNanos(2));
            report.on(new TrainingEvent.StepCompleted(1, 2, 1.75, 0.1, 8));
            String page = get(report);
            assertTrue(page.contains("Epoch 1 of 3, batch 2 of 5, 4 images/s."), page.substring(0, 3000));
            assertTrue(page.contains("About 26.0 s left."), page.substring(0, 3000));
            assertTrue(page.contains("[2.0,1.75]"), "the losses");
            assertTrue(page.contains("<td>seed</td><td>7</td>"));
            assertTrue(page.contains("page-changed"), "the page refreshes itself");
            assertFalse(page.contains("Completed epochs"));

            Files.writeString(
                    folder.resolve("metrics.csv"),
                    "epoch,learningRate,trainLoss,trainTop1,validationLoss,top1,top5,imagesPerSecond,waitSeconds,seconds\n"
                        + "1,0.1,1.9,0.4,1.8,0.5,0.9,100,0,1\n");
            report.on(new TrainingEvent.EpochCompleted(new EpochMetrics(1, 0.1, 1.9, 0.4, null, 100, 0, 10), false));
            report.on(new TrainingEvent.StepCompleted(2, 1, 1.5, 0.1, 8));
            page = get(report);
            assertTrue(page.contains("Epoch 2 of 3, batch 1 of 5."));
            assertTrue(page.contains("Best so far: 50.00\u00a0% of the validation images, after epoch 1."));
            assertTrue(page.contains(" left.</p>"), "the time left");
            assertTrue(page.contains("Completed epochs"));
            assertFalse(page.contains("[2.0,1.75]"), "the losses of the previous epoch");
        }
    }

    @Test
    void aResumedRunGoesOnWhereItWas() throws Exception {
        try (LiveReport report = report()) {
            report.on(new TrainingEvent.Started(3, 5, 1, 1, 4, true));
            assertTrue(get(report).contains("Epoch 2 of 3, batch 4 of 5."));
            report.on(new TrainingEvent.Started(3, 5, 1, 3, 0, true));
            assertTrue(get(report).contains("All 3 epochs are done."));
        }
    }

    @Test
    void nothingElseIsToBeHad() throws Exception {
        try (LiveReport report = report()) {
            assertEquals(404, ask("GET", report.address() + "metrics.csv").statusCode());
            assertEquals(405, ask("POST", report.address()).statusCode());
        }
    }

    /**
     * DNS rebinding: another site's name may resolve to this machine, but the browser sends that name in the Host
     * header.
     */
    @Test
    void otherNamesOfThisMachineAreRefused() throws Exception {
        try (LiveReport report = report()) {
            int port = URI.create(report.address()).getPort();
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream()
                        .write(("GET / HTTP/1.1\r\nHost: evil.example:" + port + "\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
            }
        }
    }

    @Test
    void aConnectionThatSendsHalfARequestHoldsUpNobody() throws Exception {
        try (LiveReport report = report()) {
            int port = URI.create(report.address()).getPort();
            var halves = new ArrayList<Socket>();
            try {
                for (int i = 0; i < 20; i++) {
                    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
                    halves.add(socket);
                    socket.getOutputStream().write("GET / HT".getBytes(StandardCharsets.US_ASCII));
                }
                assertTimeoutPreemptively(Duration.ofSeconds(30), () -> get(report));
            } finally {
                for (Socket socket : halves) {
                    socket.close();
                }
            }
        }
    }

    @Test
    void aPortThatIsTakenIsSaidAndAClosedOneIsFree() throws Exception {
        int port;
        try (LiveReport report = report()) {
            port = URI.create(report.address()).getPort();
            var taken = assertThrows(CommandFailure.class, () -> new LiveReport(port, new OutputFolder(folder)));
            assertTrue(taken.getMessage().contains("--live: port " + port + " cannot be used"), taken.getMessage());
            assertEquals(ExitCode.FAILED, taken.exitCode());
        }
        assertThrows(ConnectException.class, () -> ask("GET", "http://localhost:" + port + "/"));
    }

    @Test
    void trainSaysWhereToLookAndForgetsItAfterwards() throws Exception {
        Path data = Cli.pictures(folder.resolve("data"), 6, 0);
        Path model = folder.resolve("model");
        Cli cli = Cli.run(
                "train",
                "--data",
                data,
                "--epochs",
                1,
                "--batch-size",
                8,
                "--model",
                "resnet8",
                "--live",
                0,
                "--output",
                model);
        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.err().contains("live report: http://localhost:"), cli.err());
        assertFalse(Files.readString(model.resolve("arguments.json")).contains("--live"));
        assertEquals(2, Cli.run("train", "--live", 70000, "--output", model).code());
    }
}
