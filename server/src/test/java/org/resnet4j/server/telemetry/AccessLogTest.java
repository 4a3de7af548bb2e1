package org.resnet4j.server.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AccessLogTest {
    @TempDir
    private Path folder;

    private static byte[] line(int number) {
        return ("{\"line\":" + number + "}\n").getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> lines(int count) {
        var lines = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            lines.add("{\"line\":" + i + "}");
        }
        return lines;
    }

    @Test
    void appendsLinesInTheirOrder() throws IOException {
        Path file = folder.resolve("access.log");
        Files.writeString(file, "{\"before\":true}\n");
        try (AccessLog log = AccessLog.to(file)) {
            for (int i = 0; i < 5000; i++) {
                log.add(line(i));
            }
        }
        List<String> expected = new ArrayList<>(List.of("{\"before\":true}"));
        expected.addAll(lines(5000));
        assertEquals(expected, Files.readAllLines(file));
    }

    @Test
    void beginsANewFileWhenTheOldOneIsMovedAway() throws Exception {
        Path file = folder.resolve("access.log");
        Path old = folder.resolve("access.log.1");
        try (AccessLog log = AccessLog.to(file)) {
            log.add(line(0));
            while (Files.size(file) == 0) {
                Thread.sleep(10);
            }
            Files.move(file, old);
            for (int i = 1; !Files.exists(file); i++) {
                log.add(line(i));
                Thread.sleep(50);
            }
            assertEquals(0, log.lost());
        }
        List<String> all = new ArrayList<>(Files.readAllLines(old));
        all.addAll(Files.readAllLines(file));
        assertEquals(lines(all.size()), all);
    }

    @Test
    void aFullDiskLosesLinesAndNothingElse() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "this system has no /dev/full");
        try (AccessLog log = AccessLog.to(full)) {
            for (int i = 0; i < 10; i++) {
                log.add(line(i));
            }
            while (log.lost() < 10) {
                Thread.sleep(10);
            }
            assertEquals(10, log.lost());
        }
    }

    @Test
    void goesOnWhenTheDiskHasRoomAgain() throws Exception {
        var written = new ByteArrayOutputStream();
        var isFull = new AtomicBoolean(true);
        OutputStream disk = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                if (isFull.get()) {
                    throw new IOException("No space left on device");
                }
                written.write(octet);
            }
        };
        try (AccessLog log = AccessLog.to(disk)) {
            log.add(line(0));
            while (log.lost() < 1) {
                Thread.sleep(10);
            }
            isFull.set(false);
            log.add(line(1));
        }
        assertEquals("{\"line\":1}\n", written.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aStuckDiskHoldsUpNobody() throws Exception {
        var release = new CountDownLatch(1);
        OutputStream stuck = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                try {
                    release.await();
                } catch (InterruptedException end) {
                    throw new IOException(end);
                }
            }
        };
        try (AccessLog log = AccessLog.to(stuck)) {
            for (int i = 0; i < 20_000; i++) {
                log.add(line(i)); // would wait for ever
            }
            assertTrue(log.lost() > 5000, log.lost() + " lost");
            release.countDown();
        }
    }

    @Test
    void aLineIsOneLineOfJsonWhateverTheClientSends() {
        var span = new Span(Span.Transport.HTTP, "127.0.0.1", null);
        span.asks(Operation.OTHER, "GET /\"\n\u0000" + "x".repeat(100_000));
        span.fails("a reason\nof two lines");
        span.ends("404", Outcome.INVALID, 12);
        String line = new String(AccessLine.of(span, 1_234_567), StandardCharsets.UTF_8);
        assertEquals(1, line.lines().count());
        assertTrue(line.length() < 2000, "the line has " + line.length() + " characters");
        assertTrue(line.contains("\"target\":\"GET /\\\"\\n\\u0000xxx"), line);
        assertTrue(line.contains("\"error\":\"a reason\\nof two lines\""), line);
        assertTrue(line.contains("\"duration_ms\":1.235"), line);
    }
}
