package org.resnet4j.spark.exchange;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.resnet4j.training.shard.Ranks;

/** Ranks as threads of this process. */
final class Cluster implements AutoCloseable {
    static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** The work of a rank. */
    interface Work<T> {
        T run(int rank) throws Exception;
    }

    final Ranks ranks;
    final Token token = Token.random();
    final List<ListeningSocket> sockets = new ArrayList<>();
    final List<InetSocketAddress> addresses = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    Cluster(int count, int shards) throws IOException {
        ranks = new Ranks(count, shards);
        for (int rank = 0; rank < count; rank++) {
            ListeningSocket socket = SocketExchange.listen(InetAddress.getLoopbackAddress(), token);
            sockets.add(socket);
            addresses.add(socket.address());
        }
    }

    Peer peer(int rank) {
        return new Peer(rank, addresses.get(rank));
    }

    SocketExchange connect(int rank, Duration timeout) throws IOException {
        return sockets.get(rank).connect(addresses, rank, ranks, "plain", timeout);
    }

    <T> Future<T> start(int rank, Work<T> work) {
        return threads.submit(() -> work.run(rank));
    }

    /** Runs the same on all ranks. */
    <T> List<Future<T>> startAll(Work<T> work) {
        var futures = new ArrayList<Future<T>>();
        for (int rank = 0; rank < ranks.ranks(); rank++) {
            futures.add(start(rank, work));
        }
        return futures;
    }

    static <T> T result(Future<T> future) throws InterruptedException, TimeoutException {
        try {
            return future.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    /** Returns the message of the exception that ended a rank. */
    static String failure(Future<?> future) throws InterruptedException, TimeoutException {
        try {
            Object result = future.get(60, TimeUnit.SECONDS);
            throw new AssertionError("ended with " + result);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                return String.valueOf(failure.getMessage());
            }
            throw new AssertionError(e.getCause());
        }
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        for (ListeningSocket socket : sockets) {
            socket.close();
        }
    }
}
