package org.resnet4j.download.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.download.DownloadProgress;
import org.resnet4j.download.Retries;

class DownloaderTest {
    private static final Retries QUICK = new Retries(4, Duration.ofMillis(1), Duration.ofMillis(20));
    private static final long LIMIT = 1 << 20;

    @TempDir
    private Path folder;

    private FlakyServer server;
    private Downloader downloader;

    @BeforeEach
    void startServer() throws IOException {
        server = new FlakyServer();
        downloader = new Downloader(DownloadProgress.NONE, QUICK, Duration.ofSeconds(10));
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    private static byte[] content(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 >> 3);
        }
        return bytes;
    }

    private Checksum checksum(byte[] bytes) throws IOException {
        Path file = folder.resolve("to-sum");
        Files.write(file, bytes);
        return Checksum.of(Checksum.Kind.MD5, file);
    }

    private Download file(String name, byte[] expected) throws IOException {
        return Download.of(server.address(name), checksum(expected), LIMIT);
    }

    private Download sized(String name, long size) {
        return new Download(server.address(name), null, null, size, Math.max(size, LIMIT));
    }

    private String failure(Download what) {
        return assertThrows(IOException.class, () -> downloader.download(what, folder.resolve("x.bin")))
                .getMessage();
    }

    @Test
    void aDownloadIsCheckedAndReported() throws IOException {
        byte[] bytes = content(300_000);
        server.serve("/x.bin", bytes);
        var reports = new ArrayList<Long>();
        DownloadProgress progress = (file, done, total) -> {
            assertEquals("x.bin", file);
            assertEquals(300_000, total);
            reports.add(done);
        };
        Path target = folder.resolve("cache/x.bin");
        new Downloader(progress, QUICK, Duration.ofSeconds(10)).download(file("x.bin", bytes), target);
        assertArrayEquals(bytes, Files.readAllBytes(target));
        assertEquals(300_000, reports.getLast());
        assertFalse(Files.exists(folder.resolve("cache/x.bin.part")));
        int requests = server.requests().size();
        downloader.download(file("x.bin", bytes), target);
        assertEquals(requests, server.requests().size());
    }

    @Test
    void aBrokenConnectionIsTakenUpWhereItBroke() throws IOException {
        byte[] bytes = content(400_000);
        server.serve("/x.bin", bytes);
        server.breakAfter(90_000);
        Path target = folder.resolve("x.bin");
        downloader.download(file("x.bin", bytes), target);
        assertArrayEquals(bytes, Files.readAllBytes(target));
        assertTrue(server.requests().size() > 2, server.requests().toString());
        assertEquals("", server.requests().getFirst());
        assertTrue(
                server.requests().get(1).matches("bytes=\\d+-"),
                server.requests().toString());
        assertNotEquals("bytes=0-", server.requests().get(1));
    }

    @Test
    void anotherRunContinuesWhatTheFirstOneLeft() throws IOException {
        byte[] bytes = content(50_000);
        server.serve("/x.bin", bytes);
        Files.write(folder.resolve("x.bin.part"), Arrays.copyOf(bytes, 20_000));
        downloader.download(file("x.bin", bytes), folder.resolve("x.bin"));
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("x.bin")));
        assertEquals(List.of("bytes=20000-"), server.requests());
    }

    @Test
    void whatIsLeftOfAnotherFileIsThrownAway() throws IOException {
        byte[] bytes = content(50_000);
        server.serve("/x.bin", bytes);
        Download expected = file("x.bin", bytes);
        Files.write(folder.resolve("x.bin.part"), new byte[20_000]);
        downloader.download(expected, folder.resolve("x.bin"));
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("x.bin")));
        Files.write(folder.resolve("y.bin.part"), new byte[60_000]);
        downloader.download(expected, folder.resolve("y.bin"));
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("y.bin")));
    }

    @Test
    void aServerWithoutRangesStartsAnew() throws IOException {
        byte[] bytes = content(50_000);
        server.serve("/x.bin", bytes);
        server.ignoreRanges();
        Files.write(folder.resolve("x.bin.part"), Arrays.copyOf(bytes, 20_000));
        downloader.download(file("x.bin", bytes), folder.resolve("x.bin"));
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("x.bin")));
    }

    @Test
    void aWrongChecksumLeavesNothingBehind() throws IOException {
        server.serve("/x.bin", content(1000));
        Download other = file("x.bin", content(999));
        String message = failure(other);
        assertTrue(message.contains("x.bin: the downloaded file is not the expected one"), message);
        assertTrue(message.contains(other.checksum().hex()), message);
        assertFalse(Files.exists(folder.resolve("x.bin")));
        assertEquals(0, Files.size(folder.resolve("x.bin.part")));
    }

    @Test
    void aServerThatRefusesOrIsDownIsReported() throws IOException {
        String message = failure(file("none.bin", new byte[1]));
        assertTrue(message.endsWith("none.bin: the server answered 404"), message);
        assertEquals(1, server.requests().size());
        server.serve("/x.bin", content(10));
        server.fail(503);
        message = failure(file("x.bin", new byte[1]));
        assertTrue(message.contains("the server answered 503 (tried 4 times"), message);
        Download nobody = file("x.bin", new byte[1]);
        server.close();
        message = failure(nobody);
        assertTrue(message.contains("could not be downloaded: no connection (tried 4 times"), message);
    }

    @Test
    void aSilentServerIsGivenUp() throws IOException {
        byte[] bytes = content(50_000);
        server.serve("/x.bin", bytes);
        server.stallAfter(10_000);
        var impatient = new Downloader(DownloadProgress.NONE, QUICK, Duration.ofMillis(90));
        impatient.download(file("x.bin", bytes), folder.resolve("x.bin"));
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("x.bin")));
        assertTrue(server.requests().size() > 1);
    }

    @Test
    void anEndlessAnswerIsStoppedAtTheLimitOrAtTheAnnouncedSize() throws IOException {
        server.serve("/x.bin", content(10_000));
        server.neverEnd();
        String message = failure(file("x.bin", content(10_000)));
        assertTrue(message.endsWith("x.bin: the server sends more than 1048576 bytes: stopped"), message);
        message = failure(sized("x.bin", 25_000));
        assertTrue(message.endsWith("x.bin: the server sends more than 25000 bytes: stopped"), message);
        assertEquals(0, Files.size(folder.resolve("x.bin.part")));
        assertEquals(2, server.requests().size());
    }

    @Test
    void anotherSizeThanAnnouncedIsRefused() throws IOException {
        server.serve("/x.bin", content(10_000));
        String message = failure(sized("x.bin", 9_999));
        assertTrue(message.endsWith("the server sends 10000 bytes instead of the 9999 that were announced"), message);
        message = failure(new Download(server.address("x.bin"), null, null, -1, 9_999));
        assertTrue(message.endsWith("the server sends more than 9999 bytes: stopped"), message);
        message = failure(new Download(server.address("x.bin"), null, null, 10_000, 9_999));
        assertTrue(message.endsWith("10000 bytes announced, more than the 9999 that are accepted"), message);
    }

    @Test
    void tooLittleSpaceIsNoticedBeforehand() {
        String message = failure(sized("x.bin", Long.MAX_VALUE));
        assertTrue(
                message.contains(": not enough space: " + Long.MAX_VALUE + " bytes are still needed, but only "),
                message);
        assertEquals(List.of(), server.requests());
    }

    @Test
    void anEmptyFileAndOneWithoutChecksumAreFiles() throws IOException {
        server.serve("/empty.bin", new byte[0]);
        downloader.download(new Download(server.address("empty.bin"), null, null, -1, LIMIT), folder.resolve("empty"));
        assertEquals(0, Files.size(folder.resolve("empty")));
        server.serve("/x.bin", content(1000));
        downloader.download(sized("x.bin", 1000), folder.resolve("x.bin"));
        assertArrayEquals(content(1000), Files.readAllBytes(folder.resolve("x.bin")));
    }

    @Test
    void redirectsAreFollowedWithoutWhatAuthorizes() throws IOException {
        byte[] bytes = content(5_000);
        try (var other = new FlakyServer()) {
            other.serve("/there.bin", bytes);
            other.redirect("/x.bin", other.address("there.bin").toString());
            server.redirect("/x.bin", "/moved.bin");
            server.redirect(
                    "/moved.bin", other.address("x.bin?signature=secret").toString());
            var what = new Download(server.address("x.bin"), "Bearer secret", checksum(bytes), -1, LIMIT);
            downloader.download(what, folder.resolve("x.bin"));
            assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("x.bin")));
            assertEquals(List.of("Bearer secret", "Bearer secret"), server.authorizations());
            assertEquals(List.of("", ""), other.authorizations());
            assertEquals(server.address("x.bin").toString(), what.toString());
            Answer answer = downloader.look(what, 4);
            assertEquals(302, answer.status());
            assertEquals(server.address("moved.bin"), answer.address());
            assertEquals(-1, answer.length());
            assertEquals(2, other.requests().size());
        }
    }

    @Test
    void redirectsInACircleEnd() {
        server.redirect("/x.bin", "/y.bin");
        server.redirect("/y.bin", "/x.bin");
        String message = failure(sized("x.bin", 10));
        assertTrue(message.contains("x.bin: redirected more than 10 times"), message);
        assertEquals(11, server.requests().size());
    }

    @Test
    void aRedirectMustLeadToTheWebAndStayEncrypted() throws IOException {
        var secure = URI.create("https://host/a/b?q=1");
        assertEquals(URI.create("https://host/a/c"), Redirects.target(secure, "c"));
        assertEquals(URI.create("https://other/"), Redirects.target(URI.create("http://host/"), "https://other/"));
        String message = assertThrows(IOException.class, () -> Redirects.target(secure, "http://host/x?secret"))
                .getMessage();
        assertEquals(
                "https://host/a/b: the server redirects to http://host/x, which is not encrypted: refused", message);
        for (String bad : List.of("file:///etc/passwd", "ftp://host/x", "https://user:word@host/", "http:x", "a b")) {
            message = assertThrows(IOException.class, () -> Redirects.target(secure, bad))
                    .getMessage();
            assertTrue(message.endsWith("redirects to an invalid address"), message);
        }
        assertThrows(IOException.class, () -> Redirects.target(secure, null));
    }

    @Test
    void anOriginIsSchemeHostAndPort() {
        var origin = URI.create("https://host/x");
        assertTrue(Redirects.sameOrigin(origin, URI.create("HTTPS://HOST:443/y")));
        for (String other : List.of("http://host/x", "https://host:444/x", "https://host.evil/x", "https://a.host/x")) {
            assertFalse(Redirects.sameOrigin(origin, URI.create(other)), other);
        }
    }

    @Test
    void aBusyServerIsAskedAgainUnlessItAsksForTooMuchPatience() throws IOException {
        server.serve("/x.bin", content(10));
        server.fail(429, 2);
        server.header("Retry-After", "0");
        downloader.download(sized("x.bin", 10), folder.resolve("first.bin"));
        assertEquals(3, server.requests().size());
        server.fail(429, 1);
        server.header("Retry-After", "3600");
        String message = failure(sized("x.bin", 10));
        assertTrue(
                message.contains("the server answered 429 (too many requests) and asks to wait 3600 s (tried 1 time"),
                message);
        assertEquals(4, server.requests().size());
        server.fail(500, 3);
        server.header("Retry-After", "0");
        assertEquals(10, downloader.look(sized("x.bin", 10), 4).length());
        assertEquals(8, server.requests().size());
        server.fail(502);
        assertThrows(UnreachableException.class, () -> downloader.look(sized("x.bin", 10), 1));
        assertEquals(9, server.requests().size());
    }

    /** Ten digits were once not parsed as a number, and the request was repeated at once. */
    @Test
    void aServerThatAsksForALifetimeOfPatienceIsGivenUp() {
        server.serve("/x.bin", content(10));
        server.fail(429, 1);
        server.header("Retry-After", "99999999999999999999");
        String message = failure(sized("x.bin", 10));
        assertTrue(message.contains("tried 1 time"), message);
        assertEquals(1, server.requests().size());
    }

    @Test
    void anAnswerThatIsNoHttpIsAnErrorWithTheAddress() throws IOException {
        for (String length : List.of("99999999999999999999", "-5", "ten")) {
            String message = failureOfAnswer("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
            assertTrue(message.contains("/x.bin"), message);
        }
    }

    /**
     * In any phase, including before the answer or within its header, where the JDK's client has different messages.
     */
    @Test
    void aConnectionThatBreaksIsCalledSo() throws IOException {
        for (String answer :
                List.of("", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")) {
            String message = failureOfAnswer(answer);
            assertTrue(message.contains("the connection broke after 0 bytes (tried 4 times; "), message);
        }
    }

    /**
     * Returns the message of a download of ten bytes from a server that always sends this answer and closes the
     * connection.
     */
    private String failureOfAnswer(String answer) throws IOException {
        try (var raw = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                while (!raw.isClosed()) {
                    try (Socket socket = raw.accept()) {
                        socket.getInputStream().read(new byte[4096]);
                        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                    } catch (IOException closed) {
                        return;
                    }
                }
            });
            var address = URI.create("http://127.0.0.1:" + raw.getLocalPort() + "/x.bin");
            return failure(new Download(address, null, null, 10, LIMIT));
        }
    }

    /** Anyone who can write to the cache could otherwise make a download overwrite any file of its user. */
    @Test
    void aLinkInThePlaceOfThePartFileIsNotFollowed() throws IOException {
        byte[] bytes = content(1000);
        server.serve("/x.bin", bytes);
        Path precious = Files.writeString(folder.resolve("precious"), "mine");
        Path part = Files.createSymbolicLink(folder.resolve("x.bin.part"), precious);
        String message = failure(file("x.bin", bytes));
        assertTrue(message.contains(part + ": is a link"), message);
        assertEquals("mine", Files.readString(precious));
        assertFalse(Files.exists(folder.resolve("x.bin")));
    }

    @Test
    void pausesDoubleAndHonorTheServersWish() {
        var retries = new Retries(4, Duration.ofSeconds(1), Duration.ofSeconds(5));
        assertEquals(Duration.ofSeconds(1), retries.pause(1, null));
        assertEquals(Duration.ofSeconds(2), retries.pause(2, null));
        assertEquals(Duration.ofSeconds(5), retries.pause(40, null));
        assertEquals(Duration.ofSeconds(3), retries.pause(1, Duration.ofSeconds(3)));
        assertFalse(retries.isWorthWaiting(Duration.ofSeconds(6)));
        var now = Instant.parse("2015-10-21T07:28:00Z");
        assertEquals(Duration.ofSeconds(120), Retries.parseRetryAfter(" 120 ", now));
        assertEquals(Duration.ofSeconds(9), Retries.parseRetryAfter("Wed, 21 Oct 2015 07:28:09 GMT", now));
        assertEquals(Duration.ZERO, Retries.parseRetryAfter("Wed, 21 Oct 2015 07:27:00 GMT", now));
        for (String bad : Arrays.asList("soon", "-1", "1e9", null)) {
            assertEquals(null, Retries.parseRetryAfter(bad, now), bad);
        }
    }

    @Test
    void ofTwoAtOnceOneDownloadsAndTheOtherWaits() throws Exception {
        byte[] bytes = content(200_000);
        server.serve("/x.bin", bytes);
        server.breakAfter(30_000);
        Download what = file("x.bin", bytes);
        var begun = new CountDownLatch(1);
        var notes = new CopyOnWriteArrayList<String>();
        var waited = new CountDownLatch(1);
        DownloadProgress first = (file, done, total) -> {
            begun.countDown();
            await(waited); // the first continues when the second waits for it
        };
        DownloadProgress second = new DownloadProgress() {
            @Override
            public void downloaded(String file, long done, long total) {
                throw new AssertionError("downloaded twice");
            }

            @Override
            public void note(String message) {
                notes.add(message);
                waited.countDown();
            }
        };
        Path target = folder.resolve("x.bin");
        Callable<Void> leading = () -> {
            new Downloader(first, QUICK, Duration.ofSeconds(10)).download(what, target);
            return null;
        };
        Callable<Void> waiting = () -> {
            begun.await();
            new Downloader(second, QUICK, Duration.ofSeconds(10)).download(what, target);
            return null;
        };
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (var done : threads.invokeAll(List.of(leading, waiting))) {
                done.get();
            }
        }
        assertEquals(List.of("waiting for another download of x.bin"), notes);
        assertArrayEquals(bytes, Files.readAllBytes(target));
        assertFalse(Files.exists(folder.resolve("x.bin.part")));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS), "the second does not wait");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whoWaitsForAnotherCanBeInterrupted() throws Exception {
        Path part = folder.resolve("x.bin.part");
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertTrue(lock.isValid());
            Thread.currentThread().interrupt();
            assertThrows(
                    InterruptedIOException.class,
                    () -> downloader.download(sized("x.bin", 10), folder.resolve("x.bin")));
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void aChecksumOfGitIsThatOfItsBlob() throws IOException {
        Path file = Files.writeString(folder.resolve("hello"), "hello\n");
        assertEquals(
                "ce013625030ba8dba906f756967f9e9ca394464a",
                Checksum.of(Checksum.Kind.GIT_BLOB, file).hex());
        assertEquals(
                "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03",
                Checksum.of(Checksum.Kind.SHA_256, file).hex());
    }
}
