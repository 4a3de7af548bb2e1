package org.resnet4j.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.resnet4j.training.shard.Ranks;
import org.resnet4j.training.shard.ShardSum;

class SocketExchangeTest {
    private static final int STEPS = 3;

    /** Sums several steps on all ranks, and compares with plain recursion. */
    private static void check(int count, int shards, int totals, int... sizes) throws Exception {
        String what =
                count + " ranks, " + shards + " shards, " + totals + " totals, tensors of " + Arrays.toString(sizes);
        try (var cluster = new Cluster(count, shards)) {
            List<Future<Boolean>> ends = cluster.startAll(rank -> {
                try (SocketExchange exchange = cluster.connect(rank, Cluster.TIMEOUT)) {
                    for (int step = 1; step <= STEPS; step++) {
                        Ranks ranks = cluster.ranks;
                        List<ShardSum> own = Sums.own(ranks, rank, step, totals, sizes);
                        // the result is in memory of its own, or that of the first or last node
                        ShardSum total = switch (step) {
                            case 1 -> Sums.zeros(ranks.tree(), totals, sizes);
                            case 2 -> own.getFirst();
                            default -> own.getLast();
                        };
                        exchange.sum(own, total);
                        Sums.assertSameBits(Sums.of(ranks.tree(), step, totals, sizes), total, what);
                    }
                    assertEquals(STEPS, exchange.statistics().sums());
                }
                return true;
            });
            for (Future<Boolean> end : ends) {
                Cluster.result(end);
            }
        }
    }

    @Test
    void allRanksGetTheBitsOfThePlainRecursion() throws Exception {
        for (int shards = 1; shards <= 9; shards++) {
            for (int count = 1; count <= Math.min(5, shards); count++) {
                check(count, shards, 2, 3, 20_000, 1);
            }
        }
    }

    @Test
    void sumsOfOddSizesArriveWhole() throws Exception {
        int most = Packing.MOST_ELEMENTS;
        for (int count = 1; count <= 3; count++) {
            check(count, 4, 0);
            check(count, 4, 1);
            check(count, 4, 0, 1);
            check(count, 4, 3, 0, 0);
            for (int size : new int[] {2 * most - 1, 2 * most, 2 * most + 1, 7 * most + 13}) {
                check(count, 4, 0, size);
            }
            check(count, 4, 5, most - 2, 0, 7, most + 1, 1);
            check(count, 4, 3 * most / 2, 5);
        }
    }

    @Test
    void theLoadIsCountedAndShared() throws Exception {
        int size = 40 * Packing.MOST_ELEMENTS;
        try (var cluster = new Cluster(4, 4)) {
            List<Future<ExchangeStatistics>> ends = cluster.startAll(rank -> {
                try (SocketExchange exchange = cluster.connect(rank, Cluster.TIMEOUT)) {
                    List<ShardSum> own = Sums.own(cluster.ranks, rank, 1, 0, size);
                    exchange.sum(own, own.getFirst());
                    return exchange.statistics();
                }
            });
            for (Future<ExchangeStatistics> end : ends) {
                ExchangeStatistics statistics = Cluster.result(end);
                double copies = 1.5; // 2 (1 - 1/4)
                assertEquals(copies * size * Float.BYTES, statistics.bytesSent(), 20_000);
                assertEquals(copies * size * Float.BYTES, statistics.bytesReceived(), 20_000);
                assertEquals(1, statistics.sums());
                assertTrue(statistics.waitNanos() >= 0 && statistics.transferNanos() > 0, statistics.toString());
            }
        }
    }

    @Test
    void wrongArgumentsAreRefusedAndEndTheExchange() throws Exception {
        try (var cluster = new Cluster(1, 2)) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> cluster.sockets
                            .getFirst()
                            .connect(cluster.addresses, 0, new Ranks(2, 2), "plain", Cluster.TIMEOUT));
            SocketExchange exchange = cluster.connect(0, Cluster.TIMEOUT);
            ShardSum total = Sums.zeros(cluster.ranks.tree(), 1, 5);
            assertThrows(IllegalArgumentException.class, () -> exchange.sum(List.of(Sums.leaf(0, 1, 1, 5)), total));
            Exception e = assertThrows(IOException.class, () -> exchange.sum(List.of(total), total));
            assertEquals("the exchange is closed", e.getMessage());
        }
    }
}
