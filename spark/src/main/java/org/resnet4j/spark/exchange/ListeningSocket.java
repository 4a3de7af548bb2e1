package org.resnet4j.spark.exchange;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import org.resnet4j.training.shard.Ranks;

/** A rank that waits to be told where the others listen. */
public final class ListeningSocket implements Closeable {
    /** Connections that the operating system accepts before this rank does. */
    private static final int BACKLOG = 512;

    private final ServerSocketChannel server;
    private final InetSocketAddress address;
    private final Token token;
    private final Waiting waiting;

    ListeningSocket(InetAddress bind, Token token) throws IOException {
        this.token = token;
        waiting = new Waiting();
        server = ServerSocketChannel.open();
        try {
            server.bind(new InetSocketAddress(bind, 0), BACKLOG);
            address = (InetSocketAddress) server.getLocalAddress();
        } catch (IOException e) {
            try (waiting;
                    server) {
                throw e;
            }
        }
    }

    /** Returns the address where this rank listens: the given one, with a port chosen by the operating system. */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * Connects with those ranks that this one exchanges sums with, and stops listening. Every rank calls it, once.
     *
     * @param addresses the addresses where the ranks listen, by number; no others are connected with
     * @param rank the number of this rank
     * @param ranks the division of the shards
     * @param signature a text that must be the same on all ranks, such as the names of the kernels and a checksum of the
     *     settings; at most 496 bytes
     * @param timeout the longest time to wait for the other ranks to connect, and in a sum for a sign of life of a rank
     * @throws IOException if a rank is missing, or divides the shards or computes in another way. The message names it
     * @throws IllegalArgumentException if the arguments do not fit each other
     */
    public SocketExchange connect(
            List<InetSocketAddress> addresses, int rank, Ranks ranks, String signature, Duration timeout)
            throws IOException {
        if (addresses.size() != ranks.ranks() || rank < 0 || rank >= ranks.ranks()) {
            throw new IllegalArgumentException(
                    "rank " + rank + " of " + ranks.ranks() + " with " + addresses.size() + " addresses");
        }
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("a time-out of " + timeout);
        }
        var hello = new Hello(rank, ranks, signature);
        var schedule = new Schedule(ranks);
        try (server) {
            var meeting = new Meeting(server, waiting, token, List.copyOf(addresses), hello, timeout);
            return new SocketExchange(schedule, rank, meeting.meet(schedule.peers(rank)));
        }
    }

    /**
     * Stops listening, and ends a {@link #connect} of another thread, or a sum of its exchange, with an exception. An
     * exchange that is connected has to be closed itself.
     */
    @Override
    public void close() throws IOException {
        waiting.end("was closed");
        server.close();
    }
}
