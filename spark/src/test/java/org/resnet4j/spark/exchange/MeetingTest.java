package org.resnet4j.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.resnet4j.training.shard.Ranks;
import org.resnet4j.training.shard.ShardSum;

/** The beginning of an exchange, with strangers, missing ranks and such as differ. */
class MeetingTest {
    private static final Duration SHORT = Duration.ofMillis(600);

    private final long start = System.nanoTime();

    @AfterEach
    void nothingHangs() {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
        assertTrue(seconds < 30, seconds + " s");
    }

    private static Socket stranger(InetSocketAddress address, byte... bytes) throws IOException {
        var socket = new Socket(address.getAddress(), address.getPort());
        socket.getOutputStream().write(bytes);
        return socket;
    }

    private static long sum(Cluster cluster, int rank) throws IOException {
        try (SocketExchange exchange = cluster.connect(rank, Cluster.TIMEOUT)) {
            List<ShardSum> own = Sums.own(cluster.ranks, rank, 1, 1, 10);
            exchange.sum(own, own.getFirst());
            Sums.assertSameBits(Sums.of(cluster.ranks.tree(), 1, 1, 10), own.getFirst(), "sum");
            return exchange.statistics().sums();
        }
    }

    @Test
    void strangersAreDroppedAndDoNotDisturb() throws Exception {
        try (var cluster = new Cluster(2, 2)) {
            InetSocketAddress address = cluster.addresses.getFirst();
            var hello = new Hello(1, cluster.ranks, "plain");
            var strangers = new ArrayList<Socket>();
            // a wrong token, garbage, a beginning without an end, and nothing at all
            strangers.add(stranger(address, hello.write(Token.random()).array()));
            strangers.add(stranger(address, "GET / HTTP/1.1\r\nHost: here\r\n\r\n".getBytes()));
            strangers.add(stranger(address, ByteBuffer.allocate(10).array()));
            for (int i = 0; i < 300; i++) {
                strangers.add(stranger(address));
            }
            Future<Long> first = cluster.start(0, rank -> sum(cluster, 0));
            assertEquals(-1, strangers.get(0).getInputStream().read());
            assertDropped(strangers.get(1));
            Future<Long> second = cluster.start(1, rank -> sum(cluster, 1));
            assertEquals(1, Cluster.result(first));
            assertEquals(1, Cluster.result(second));
            for (Socket stranger : strangers) {
                stranger.close();
            }
        }
    }

    /** Nothing is sent to a stranger. */
    private static void assertDropped(Socket stranger) {
        try {
            assertEquals(-1, stranger.getInputStream().read());
        } catch (IOException _) {
            // a reset is as good
        }
    }

    @Test
    void aSlowStrangerIsDroppedAndTheMissingRankIsNamed() throws Exception {
        try (var cluster = new Cluster(3, 3)) {
            Future<SocketExchange> end = cluster.start(0, rank -> cluster.connect(0, SHORT));
            Future<SocketExchange> other = cluster.start(1, rank -> cluster.connect(1, Cluster.TIMEOUT));
            byte[] hello =
                    new Hello(2, cluster.ranks, "plain").write(cluster.token).array();
            try (Socket slow = stranger(cluster.addresses.getFirst())) {
                for (int i = 0; i < Hello.PREFIX_BYTES - 1 && !end.isDone(); i++) {
                    try {
                        slow.getOutputStream().write(hello[i]);
                    } catch (IOException _) {
                        break;
                    }
                    TimeUnit.MILLISECONDS.sleep(50);
                }
                String message = cluster.peer(2) + " did not connect with rank 0 within 600 ms";
                assertTrue(Cluster.failure(end).startsWith(message));
                assertEquals(message + ", reported by " + cluster.peer(0), Cluster.failure(other));
            }
        }
    }

    @Test
    void ranksThatComputeInAnotherWayAreRefusedWithBothNames() throws Exception {
        try (var cluster = new Cluster(2, 2)) {
            List<Future<SocketExchange>> ends = cluster.startAll(rank -> cluster.sockets
                    .get(rank)
                    .connect(cluster.addresses, rank, cluster.ranks, "vector of " + (rank + 1) * 256, Cluster.TIMEOUT));
            assertEquals(
                    cluster.peer(1) + " computes with \"vector of 512\", rank 0 with \"vector of 256\"",
                    Cluster.failure(ends.get(0)));
            String message = Cluster.failure(ends.get(1));
            assertTrue(message.contains("vector of 256") && message.contains("vector of 512"), message);
        }
    }

    @Test
    void ranksThatDivideTheShardsInAnotherWayAreRefused() throws Exception {
        try (var cluster = new Cluster(2, 2)) {
            List<Future<SocketExchange>> ends = cluster.startAll(rank -> cluster.sockets
                    .get(rank)
                    .connect(cluster.addresses, rank, new Ranks(2, 4 + rank), "plain", Cluster.TIMEOUT));
            assertEquals(
                    cluster.peer(1) + " divides 5 shards among 2 ranks, rank 0 divides 4 among 2",
                    Cluster.failure(ends.get(0)));
            assertTrue(Cluster.failure(ends.get(1)).contains("divides"));
        }
    }

    @Test
    void ranksOfAnotherVersionAreRefused() throws Exception {
        try (var cluster = new Cluster(2, 2)) {
            Future<SocketExchange> end = cluster.start(0, rank -> cluster.connect(0, Cluster.TIMEOUT));
            byte[] hello =
                    new Hello(1, cluster.ranks, "plain").write(cluster.token).array();
            hello[7]++;
            try (Socket other = stranger(cluster.addresses.getFirst(), hello)) {
                String message = Cluster.failure(end);
                assertTrue(
                        message.startsWith("a rank (127.0.0.1:" + other.getLocalPort()
                                + ") speaks version 2 of the protocol, this rank version 1"),
                        message);
            }
        }
    }

    @Test
    void aRankTooMuchIsAnError() throws Exception {
        try (var cluster = new Cluster(2, 2)) {
            Future<SocketExchange> end = cluster.start(0, rank -> cluster.connect(0, Cluster.TIMEOUT));
            byte[] hello =
                    new Hello(7, cluster.ranks, "plain").write(cluster.token).array();
            try (Socket _ = stranger(cluster.addresses.getFirst(), hello)) {
                assertEquals("a rank says that it is rank 7, which rank 0 did not expect", Cluster.failure(end));
            }
        }
    }

    @Test
    void aRankThatCannotBeReachedIsNamed() throws Exception {
        try (var cluster = new Cluster(2, 2)) {
            cluster.sockets.getFirst().close();
            Future<SocketExchange> end = cluster.start(1, rank -> cluster.connect(1, Cluster.TIMEOUT));
            assertEquals(cluster.peer(0) + " cannot be reached: Connection refused", Cluster.failure(end));
        }
    }

    @Test
    void aRankThatAcceptsAndNeverAnswersIsNamed() throws Exception {
        try (var cluster = new Cluster(2, 2);
                var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            cluster.addresses.set(0, (InetSocketAddress) silent.getLocalSocketAddress());
            Future<SocketExchange> end = cluster.start(1, rank -> cluster.connect(1, SHORT));
            String message = cluster.peer(0) + " did not connect with rank 1 within 600 ms";
            assertEquals(message, Cluster.failure(end).substring(0, message.length()));
        }
    }

    @Test
    void anotherServiceAtTheAddressOfARankIsNoticed() throws Exception {
        try (var cluster = new Cluster(2, 2);
                var service = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            cluster.addresses.set(0, (InetSocketAddress) service.getLocalSocketAddress());
            Future<SocketExchange> end = cluster.start(1, rank -> cluster.connect(1, Cluster.TIMEOUT));
            try (Socket socket = service.accept()) {
                socket.getOutputStream().write(new byte[Hello.PREFIX_BYTES]);
                assertEquals(cluster.peer(0) + " does not belong to this round while connecting", Cluster.failure(end));
            }
        }
    }

    @Test
    void closingTheListeningSocketEndsTheMeeting() throws Exception {
        try (var cluster = new Cluster(2, 2)) {
            Future<SocketExchange> end = cluster.start(0, rank -> cluster.connect(0, Cluster.TIMEOUT));
            TimeUnit.MILLISECONDS.sleep(50);
            cluster.sockets.getFirst().close();
            String message = Cluster.failure(end);
            assertEquals(cluster.peer(0) + " was closed while connecting", message);
        }
    }

    @Test
    void theTokenIsComparedWholeAndHidden() {
        var token = new Token(0x123456789abcdefL, 0xfedcba987654321L);
        assertTrue(token.matches(new Token(0x123456789abcdefL, 0xfedcba987654321L)));
        for (int bit = 0; bit < 64; bit++) {
            assertFalse(token.matches(new Token(token.high() ^ 1L << bit, token.low())));
            assertFalse(token.matches(new Token(token.high(), token.low() ^ 1L << bit)));
        }
        assertEquals("Token[hidden]", token.toString());
    }

    @Test
    void argumentsAreChecked() throws Exception {
        try (var cluster = new Cluster(2, 2)) {
            ListeningSocket socket = cluster.sockets.getFirst();
            var two = new Ranks(2, 2);
            List<InetSocketAddress> all = cluster.addresses;
            for (int rank : new int[] {-1, 2}) {
                assertThrows(
                        IllegalArgumentException.class, () -> socket.connect(all, rank, two, "plain", Cluster.TIMEOUT));
            }
            assertThrows(
                    IllegalArgumentException.class,
                    () -> socket.connect(all, 0, new Ranks(3, 3), "plain", Cluster.TIMEOUT));
            assertThrows(IllegalArgumentException.class, () -> socket.connect(all, 0, two, "plain", Duration.ZERO));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> socket.connect(all, 0, two, "x".repeat(497), Cluster.TIMEOUT));
        }
    }
}
