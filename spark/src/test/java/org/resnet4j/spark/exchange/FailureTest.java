package org.resnet4j.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.resnet4j.training.shard.ShardSum;

/** Ranks that fail, stall or misbehave after they have connected. */
class FailureTest {
    private static final Duration SHORT = Duration.ofMillis(600);
    private static final int LARGE = 5_000_000;

    private final long start = System.nanoTime();

    @AfterEach
    void nothingHangs() {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
        assertTrue(seconds < 30, seconds + " s");
    }

    private static Long sumOnce(Cluster cluster, int rank, Duration timeout, int size) throws IOException {
        try (SocketExchange exchange = cluster.connect(rank, timeout)) {
            return sum(exchange, size);
        }
    }

    private static Long sum(SocketExchange exchange, int size) throws IOException {
        List<ShardSum> own = Sums.own(exchange.ranks(), exchange.rank(), 1, 1, size);
        exchange.sum(own, own.getFirst());
        return exchange.statistics().sums();
    }

    /** Connects with rank 0 as rank 1 of two, by hand. */
    private static Socket impostor(Cluster cluster, String signature) throws IOException {
        var socket = new Socket(
                cluster.addresses.getFirst().getAddress(),
                cluster.addresses.getFirst().getPort());
        socket.getOutputStream()
                .write(new Hello(1, cluster.ranks, signature)
                        .write(cluster.token)
                        .array());
        socket.getInputStream().readNBytes(Hello.BYTES);
        return socket;
    }

    private static byte[] header(Frame frame, int checksum) {
        ByteBuffer bytes = ByteBuffer.allocate(Frame.HEADER_BYTES);
        frame.write(bytes);
        return bytes.putInt(checksum).array();
    }

    @Test
    void theFirstCauseIsToldToAll() throws Exception {
        try (var cluster = new Cluster(4, 4)) {
            List<Future<Long>> ends = cluster.startAll(rank -> {
                try (SocketExchange exchange = cluster.connect(rank, Cluster.TIMEOUT)) {
                    sum(exchange, 1000);
                    if (rank == 3) {
                        exchange.abort("ran out of memory");
                        throw new IOException("its own");
                    }
                    return sum(exchange, 1000);
                }
            });
            assertEquals("its own", Cluster.failure(ends.get(3)));
            for (int rank = 0; rank < 3; rank++) {
                assertEquals(cluster.peer(3) + " ran out of memory in step 1", Cluster.failure(ends.get(rank)));
            }
        }
    }

    @Test
    void aRankThatClosesIsNamedByTheOthers() throws Exception {
        try (var cluster = new Cluster(3, 4)) {
            List<Future<Long>> ends = cluster.startAll(rank -> {
                try {
                    return sumOnce(cluster, rank, Cluster.TIMEOUT, rank == 1 ? -1 : 1000);
                } catch (IllegalArgumentException e) {
                    throw new IOException("own", e);
                }
            });
            assertEquals("own", Cluster.failure(ends.get(1)));
            for (int rank : new int[] {0, 2}) {
                String message = Cluster.failure(ends.get(rank));
                assertTrue(message.startsWith(cluster.peer(1) + " closed the connection"), message);
            }
        }
    }

    @Test
    void differentSizesAreToldWithTheirNumbers() throws Exception {
        try (var cluster = new Cluster(2, 2)) {
            List<Future<Long>> ends = cluster.startAll(rank -> sumOnce(cluster, rank, Cluster.TIMEOUT, 1000 + rank));
            String first = cluster.peer(1) + " sums 1001 floats and 1 totals, this rank 1000 and 1 in step 1";
            String second = cluster.peer(0) + " sums 1000 floats and 1 totals, this rank 1001 and 1 in step 1";
            for (int rank = 0; rank < 2; rank++) {
                String message = Cluster.failure(ends.get(rank));
                assertTrue(message.startsWith(first) || message.startsWith(second), message);
            }
        }
    }

    @Test
    void aPeerThatClosesInMidFrameIsNamed() throws Exception {
        try (var cluster = new Cluster(2, 2)) {
            Future<Long> end = cluster.start(0, rank -> sumOnce(cluster, 0, Cluster.TIMEOUT, 100));
            try (Socket peer = impostor(cluster, "plain")) {
                peer.getOutputStream().write(header(new Frame(Frame.Kind.UP, 1, 0, 1, 2, 100, 1, 408), 0), 0, 40);
                peer.shutdownOutput();
                String message = Cluster.failure(end);
                assertTrue(message.startsWith(cluster.peer(1) + " closed the connection "), message);
            }
        }
    }

    @Test
    void framesThatAreNoneAreRefused() throws Exception {
        record Case(byte[] bytes, String message) {}
        var good = new Frame(Frame.Kind.UP, 1, 0, 1, 2, 1, 1, 12);
        var cases = List.of(
                new Case(new byte[Frame.HEADER_BYTES], "sent something that is not a frame"),
                new Case(header(Frame.abort(1 << 20), 0), "sent a frame of 1048576 bytes"),
                new Case(header(Frame.abort(-1), 0), "sent a frame of -1 bytes"),
                new Case(
                        header(new Frame(Frame.Kind.UP, 1, 0, 1, 2, 1, 1, Integer.MAX_VALUE), 0),
                        "sent a frame of 2147483647 bytes"),
                new Case(
                        ByteBuffer.allocate(Frame.HEADER_BYTES + 12)
                                .put(header(good, 17))
                                .array(),
                        "sent a frame that was damaged on its way"),
                new Case(
                        header(new Frame(Frame.Kind.UP, 9, 0, 1, 2, 1, 1, 0), 0),
                        "sent " + new Frame(Frame.Kind.UP, 9, 0, 1, 2, 1, 1, 0) + " instead of " + good));
        for (Case each : cases) {
            try (var cluster = new Cluster(2, 2)) {
                Future<Long> end = cluster.start(0, rank -> sumOnce(cluster, 0, Cluster.TIMEOUT, 1));
                try (Socket peer = impostor(cluster, "plain")) {
                    peer.getOutputStream().write(each.bytes());
                    peer.shutdownOutput();
                    String message = Cluster.failure(end);
                    assertTrue(message.startsWith(cluster.peer(1) + " " + each.message()), message);
                }
            }
        }
    }

    @Test
    void aReasonCannotDisturbALog() throws Exception {
        try (var cluster = new Cluster(2, 2)) {
            Future<Long> end = cluster.start(0, rank -> sumOnce(cluster, 0, Cluster.TIMEOUT, 1));
            try (Socket peer = impostor(cluster, "plain")) {
                byte[] reason = "a\nb\u001b[2Jc".getBytes(StandardCharsets.UTF_8);
                var crc = new CRC32C();
                crc.update(reason);
                peer.getOutputStream().write(header(Frame.abort(reason.length), (int) crc.getValue()));
                peer.getOutputStream().write(reason);
                peer.shutdownOutput();
                assertEquals("a b [2Jc", Cluster.failure(end));
            }
        }
    }

    @Test
    void aPeerThatReadsNothingAndSendsNothingEndsTheSum() throws Exception {
        for (int size : new int[] {1, LARGE}) {
            try (var cluster = new Cluster(2, 2)) {
                Future<Long> end = cluster.start(0, rank -> sumOnce(cluster, 0, SHORT, size));
                try (Socket _ = impostor(cluster, "plain")) {
                    assertEquals(cluster.peer(1) + " sent nothing for 600 ms in step 1", Cluster.failure(end));
                }
            }
        }
    }

    @Test
    void aPeerThatOnlyShowsSignsOfLifeEndsTheSumToo() throws Exception {
        try (var cluster = new Cluster(2, 2)) {
            Future<Long> end = cluster.start(0, rank -> sumOnce(cluster, 0, SHORT, LARGE));
            try (Socket peer = impostor(cluster, "plain")) {
                while (!end.isDone()) {
                    try {
                        peer.getOutputStream().write(header(Frame.alive(), 0));
                    } catch (IOException _) {
                        break;
                    }
                    TimeUnit.MILLISECONDS.sleep(50);
                }
                String message = Cluster.failure(end);
                assertTrue(
                        message.startsWith("no progress for 1")
                                && message.endsWith(" in step 1 while waiting for [" + cluster.peer(1) + "]"),
                        message);
            }
        }
    }

    /** Ranks 0 and 1 wait for 2 and 3, and 2 for 3: all name the one that computes for too long. */
    @Test
    void aRankThatWaitsIsNotTakenForTheOneThatStalls() throws Exception {
        var done = new CountDownLatch(1);
        try (var cluster = new Cluster(4, 4)) {
            List<Future<Long>> ends = cluster.startAll(rank -> {
                try (SocketExchange exchange = cluster.connect(rank, SHORT)) {
                    sum(exchange, 100);
                    if (rank == 3) {
                        done.await();
                        throw new IOException("late");
                    }
                    return sum(exchange, 100);
                }
            });
            for (int rank = 0; rank < 3; rank++) {
                String message = Cluster.failure(ends.get(rank));
                assertTrue(message.startsWith(cluster.peer(3) + " sent nothing for 600 ms in step 2"), message);
            }
            done.countDown();
            assertEquals("late", Cluster.failure(ends.get(3)));
        }
    }

    @Test
    void closingFromAnotherThreadEndsASumOnAllRanks() throws Exception {
        closingEndsASum(false);
    }

    @Test
    void closingTheListeningSocketEndsASumOnAllRanks() throws Exception {
        closingEndsASum(true);
    }

    private static void closingEndsASum(boolean byListeningSocket) throws Exception {
        try (var cluster = new Cluster(3, 3)) {
            Future<Long> first = cluster.start(0, rank -> sumOnce(cluster, 0, Cluster.TIMEOUT, LARGE));
            Future<SocketExchange> second = cluster.start(1, rank -> cluster.connect(1, Cluster.TIMEOUT));
            Future<SocketExchange> third = cluster.start(2, rank -> cluster.connect(2, Cluster.TIMEOUT));
            SocketExchange closed = Cluster.result(second);
            var thread = new CompletableFuture<Thread>();
            Future<Long> sum = cluster.start(1, rank -> {
                thread.complete(Thread.currentThread());
                return sum(closed, LARGE);
            });
            while (!isWaiting(Cluster.result(thread))) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            (byListeningSocket ? cluster.sockets.get(1) : closed).close();
            String message = cluster.peer(1) + " was closed in step 1";
            assertEquals(message, Cluster.failure(sum));
            assertEquals(message, Cluster.failure(first));
            Cluster.result(third).close();
        }
    }

    private static boolean isWaiting(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(Waiting.class.getName())
                        && frame.getMethodName().equals("select"));
    }

    @Test
    void anInterruptEndsASumOnAllRanks() throws Exception {
        try (var cluster = new Cluster(2, 2)) {
            Future<SocketExchange> second = cluster.start(1, rank -> cluster.connect(1, Cluster.TIMEOUT));
            Future<String> first = cluster.start(0, rank -> {
                try (SocketExchange exchange = cluster.connect(0, Cluster.TIMEOUT)) {
                    Cluster.result(second);
                    Thread.currentThread().interrupt();
                    sum(exchange, 10);
                    return "no exception";
                } catch (InterruptedIOException e) {
                    return Thread.interrupted() + " " + e.getMessage();
                }
            });
            try (SocketExchange exchange = Cluster.result(second)) {
                Future<Long> sum = cluster.start(1, rank -> sum(exchange, 10));
                String message = cluster.peer(0) + " was interrupted in step 1";
                assertEquals("true " + message, Cluster.result(first));
                assertEquals(message, Cluster.failure(sum));
            }
        }
    }

    @Test
    void aRankThatIsDoneMayCloseBeforeOthersAre() throws Exception {
        for (int round = 0; round < 5; round++) {
            try (var cluster = new Cluster(4, 5)) {
                for (Future<Long> end : cluster.startAll(rank -> sumOnce(cluster, rank, Cluster.TIMEOUT, 300_000))) {
                    assertEquals(1, Cluster.result(end));
                }
            }
        }
    }
}
