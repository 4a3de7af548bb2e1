package org.resnet4j.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.server.front.Gate;
import org.resnet4j.server.security.Access;
import org.resnet4j.server.security.PemFiles;
import org.resnet4j.server.security.RateLimit;
import org.resnet4j.server.security.ServerIdentity;
import org.resnet4j.server.security.Tokens;

/** Tests that a client sees why it is refused, although it still sends its body. */
@Timeout(120)
class RefusedClientsTest {
    /** More than the buffers of a connection hold, and as much as is skipped. */
    private static final int BODY = 4 << 20;

    private static final int TOO_LARGE_TO_SKIP = BODY + 1;
    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String NEXT = "GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String CLOSE = "Connection: close";

    @TempDir
    private Path folder;

    /** A reason to refuse a request before its body is read. */
    private enum Reason {
        NO_TOKEN(401),
        NO_ADDRESS(404),
        NO_MODEL(404),
        OTHER_METHOD(405),
        TOO_LARGE(413),
        TOO_FAST(429),
        QUEUE_FULL(503),
        NO_ROOM(503),
        LOADING(503);

        private final int status;

        Reason(int status) {
            this.status = status;
        }

        String address() {
            return switch (this) {
                case NO_ADDRESS -> "/nothing";
                case NO_MODEL, LOADING -> "/v2/models/cats/infer";
                case OTHER_METHOD -> "/v2/health/ready";
                default -> "/v1/classify";
            };
        }
    }

    private FrontRun front() throws IOException {
        return new FrontRun(folder.resolve("pets"), SILENCE, new Access(null, null), null);
    }

    /** Starts a server that refuses requests for a reason. */
    private FrontRun front(Reason reason) throws Exception {
        Tokens tokens = null;
        if (reason == Reason.NO_TOKEN) {
            tokens = new Tokens(Files.writeString(folder.resolve("tokens"), "team-a team-a-token-0123456789\n"));
        }
        RateLimit rate = reason == Reason.TOO_FAST ? new RateLimit(0.001) : null;
        var front = new FrontRun(folder.resolve("pets"), SILENCE, new Access(tokens, rate), null);
        switch (reason) {
            case TOO_FAST -> {
                try (RawClient first = front.connect()) {
                    assertEquals(
                            422,
                            first.send(head(reason.address(), 1))
                                    .send(1)
                                    .reply()
                                    .status());
                }
            }
            case QUEUE_FULL -> front.fillQueue();
            case NO_ROOM -> front.fillMemory();
            case LOADING -> front.gate.enter(Gate.State.LOADING);
            default -> {}
        }
        return front;
    }

    private static String head(String address, int bytes, String... headers) {
        var head = new StringBuilder("POST " + address + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + bytes + "\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    private static void assertRefused(int status, RawClient.Reply reply) {
        assertEquals(status, reply.status(), reply.toString());
        assertTrue(reply.body().startsWith("{\"error\":\""), reply.toString());
        assertTrue(reply.body().endsWith("\"}"), reply.toString());
    }

    private static void assertGoesOn(RawClient client) throws IOException {
        assertEquals("{\"live\":true}", client.send(NEXT).reply().body());
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void aClientThatIsRefusedSeesWhyAndKeepsItsConnection(Reason reason) throws Exception {
        int body = reason == Reason.NO_ROOM ? FrontRun.MAX_BODY : BODY;
        try (FrontRun front = front(reason);
                RawClient fast = front.connect();
                RawClient slow = front.connect()) {
            RawClient.Reply late =
                    fast.send(head(reason.address(), body)).send(body).reply(); // it sends all before it looks
            assertRefused(reason.status, late);
            assertFalse(late.has(CLOSE), late.toString());
            assertGoesOn(fast);

            RawClient.Reply atOnce = slow.send(head(reason.address(), body)).reply();
            assertRefused(reason.status, atOnce);
            for (int i = 0; i < 4; i++) {
                slow.send(body / 4);
                Thread.sleep(50);
            }
            assertGoesOn(slow);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void soDoesAClientThatEncrypts(String version) throws Exception {
        PemFiles files = PemFiles.make(folder, "server", "EC");
        var identity = new ServerIdentity(files.certificate(), files.key());
        try (var front = new FrontRun(folder.resolve("pets"), SILENCE, new Access(null, null), identity);
                var client = encrypted(files, version, front.port());
                var large = encrypted(files, version, front.port())) {
            assertRefused(404, client.send(head("/nothing", BODY)).send(BODY).reply());
            assertGoesOn(client);
            RawClient.Reply reply =
                    large.send(head("/nothing", TOO_LARGE_TO_SKIP)).send(1000).reply();
            assertRefused(404, reply);
            assertTrue(reply.has(CLOSE), reply.toString());
            assertTrue(large.isAtEnd());
        }
    }

    private static RawClient encrypted(PemFiles files, String version, int port) throws Exception {
        var socket =
                (javax.net.ssl.SSLSocket) files.trusting().getSocketFactory().createSocket("127.0.0.1", port);
        socket.setEnabledProtocols(new String[] {version});
        return new RawClient(socket);
    }

    @Test
    void aBodyThatIsTooLargeToSkipEndsTheConnectionAfterTheReply() throws Exception {
        try (FrontRun front = front();
                RawClient client = front.connect()) {
            RawClient.Reply reply = client.send(head("/v1/classify", TOO_LARGE_TO_SKIP))
                    .send(3 << 20)
                    .reply();
            assertRefused(413, reply);
            assertTrue(reply.has(CLOSE), reply.toString());
            client.send(1 << 19);
            assertTrue(client.isAtEnd());
            client.send(1 << 16).close();
            assertTrue(front.gate.awaitIdle(SOON));
        }
    }

    @Test
    void aBodyInChunksIsSkippedToo() throws Exception {
        String head = "POST /nothing HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (FrontRun front = front();
                RawClient client = front.connect()) {
            client.send(head);
            for (int i = 0; i < 3; i++) {
                client.send("100000\r\n").send(1 << 20).send("\r\n");
            }
            assertRefused(404, client.send("0\r\n\r\n").reply());
            assertGoesOn(client);
            RawClient.Reply large = client.send(
                            "POST /v1/classify HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .send("280000\r\n")
                    .send(0x280000)
                    .send("\r\n0\r\n\r\n")
                    .reply();
            assertRefused(413, large);
            assertGoesOn(client);
        }
    }

    @Test
    void aClientThatDoesNotStopSendingIsDisconnected() throws Exception {
        try (FrontRun front = front();
                RawClient client = front.connect();
                RawClient silent = front.connect()) {
            assertRefused(404, silent.send(head("/nothing", 10)).send(1).reply());
            client.send("POST /nothing HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertRefused(404, client.reply());
            assertThrows(SocketException.class, () -> {
                while (true) {
                    client.send("10000\r\n").send(1 << 16).send("\r\n");
                }
            });
            assertTrue(front.gate.awaitIdle(SOON));
            assertTrue(silent.isAtEnd());
        }
    }

    @Test
    void aClientThatWaitsForLeaveIsNotToldToContinue() throws Exception {
        try (FrontRun front = front(Reason.QUEUE_FULL);
                RawClient client = front.connect()) {
            RawClient.Reply reply = client.send(head("/v1/classify", 1000, "Expect: 100-continue"))
                    .reply();
            assertRefused(503, reply);
            assertTrue(reply.has(CLOSE), reply.toString());
            assertTrue(client.isAtEnd());
        }
        try (FrontRun front = front();
                RawClient client = front.connect()) {
            assertEquals(
                    100,
                    client.send(head("/v1/classify", 1000, "Expect: 100-continue"))
                            .reply()
                            .status());
            assertRefused(422, client.send(1000).reply());
            assertGoesOn(client);
        }
    }

    @Test
    void requestsThatFollowABodyAreAnsweredInOrder() throws Exception {
        try (FrontRun front = front();
                RawClient client = front.connect()) {
            String body = "x".repeat(100_000);
            client.send(head("/nothing", body.length()) + body + NEXT + head("/nothing", body.length()) + body + NEXT);
            for (int i = 0; i < 2; i++) {
                assertRefused(404, client.reply());
                assertEquals("{\"live\":true}", client.reply().body());
            }
        }
    }

    @Test
    void aClientOfTheOldProtocolSeesTheEnd() throws Exception {
        String head = "POST /nothing HTTP/1.0\r\nContent-Length: " + BODY + "\r\n";
        try (FrontRun front = front();
                RawClient client = front.connect();
                RawClient lasting = front.connect()) {
            assertRefused(404, client.send(head + "\r\n").reply());
            assertTrue(client.isAtEnd(), "it may look for the end of the reply");
            client.send(BODY).close();
            RawClient.Reply reply = lasting.send(head + "Connection: keep-alive\r\n\r\n")
                    .send(BODY)
                    .reply();
            assertRefused(404, reply);
            assertTrue(reply.has("Connection: keep-alive"), reply.toString());
            assertGoesOn(lasting);
        }
    }

    @Test
    void aClientThatFallsSilentSeesThatItIsLate() throws Exception {
        try (var front = new FrontRun(folder.resolve("pets"), Duration.ofMillis(300), new Access(null, null), null);
                RawClient client = front.connect()) {
            assertRefused(408, client.send(head("/v1/classify", 1000)).send(1).reply());
        }
    }

    @Test
    void theEndDoesNotWaitForABodyThatIsSkipped() throws Exception {
        try (FrontRun front = front();
                RawClient client = front.connect()) {
            assertRefused(404, client.send(head("/nothing", 10)).send(1).reply());
            assertEquals(1, front.gate.requests());
            front.front().stop();
            assertTrue(front.gate.awaitIdle(SOON));
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void theAccessLogHasTheBytesBeforeTheReply() throws Exception {
        FrontRun front = front();
        try (front;
                RawClient client = front.connect()) {
            assertRefused(404, client.send(head("/nothing", BODY)).send(BODY).reply());
            assertRefused(
                    422, client.send(head("/v1/classify", 1000)).send(1000).reply());
        }
        List<String> lines = front.end();
        assertEquals(2, lines.size(), lines.toString());
        assertTrue(lines.getFirst().contains("\"received_bytes\":0,"), lines.getFirst());
        assertTrue(lines.getLast().contains("\"received_bytes\":1000,"), lines.getLast());
    }
}
