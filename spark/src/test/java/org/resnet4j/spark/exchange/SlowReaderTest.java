package org.resnet4j.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.resnet4j.training.shard.ShardSum;

/** A peer that reads through a small buffer, while another thread sends its frames as early as they are taken. */
class SlowReaderTest {
    /** A sum must not wait for a sign of life, which comes after a part of this time. */
    private static final Duration LONG = Duration.ofHours(1);

    /** The number of chunks varies, so that in some of the sums the last frame is written in two parts. */
    @Test
    void aSumEndsWithTheLastByteSent() throws Exception {
        for (int chunks = 40; chunks < 64; chunks += 2) {
            sum(chunks * Packing.MOST_ELEMENTS);
        }
    }

    private static void sum(int size) throws Exception {
        try (var cluster = new Cluster(2, 2)) {
            Future<SocketExchange> end = cluster.start(0, rank -> {
                SocketExchange exchange = cluster.connect(0, LONG);
                ShardSum own = Sums.zeros(cluster.ranks.of(0), 0, size);
                exchange.sum(List.of(own), own);
                return exchange;
            });
            try (var peer = new Socket()) {
                peer.setReceiveBufferSize(1 << 16);
                peer.setSoTimeout(30_000);
                peer.connect(cluster.addresses.getFirst());
                var hello = new Hello(1, cluster.ranks, "plain");
                peer.getOutputStream().write(hello.write(cluster.token).array());
                var in = new DataInputStream(peer.getInputStream());
                in.readFully(new byte[Hello.BYTES]);
                long expected = exchange(cluster, size, peer.getOutputStream(), in);
                SocketExchange exchange = Cluster.result(end);
                assertEquals(expected, exchange.statistics().bytesSent());
                peer.shutdownOutput();
                exchange.close();
            }
        }
    }

    /** Sends the frames of rank 1, reads those of rank 0, and returns the number of bytes of the latter. */
    private static long exchange(Cluster cluster, int size, OutputStream out, DataInputStream in) throws Exception {
        var schedule = new Schedule(cluster.ranks);
        var packing = new Packing(
                Sums.zeros(cluster.ranks.tree(), 0, size), schedule.ways().size());
        var program = new Program(schedule, 1, packing.chunks());
        Future<Boolean> sent = cluster.start(1, rank -> {
            for (Program.Task task : program.sends(0)) {
                out.write(frame(task, packing));
            }
            return true;
        });
        long bytes = 0;
        for (Program.Task task : program.receives(0)) {
            int length = Frame.HEADER_BYTES + packing.bytes(task.chunk());
            in.readFully(new byte[length]);
            bytes += length;
        }
        assertTrue(Cluster.result(sent));
        return bytes;
    }

    private static byte[] frame(Program.Task task, Packing packing) {
        var payload = new byte[packing.bytes(task.chunk())];
        var crc = new CRC32C();
        crc.update(payload);
        ByteBuffer frame = ByteBuffer.allocate(Frame.HEADER_BYTES + payload.length);
        Frame.of(1, task, packing).write(frame);
        return frame.putInt((int) crc.getValue()).array();
    }
}
