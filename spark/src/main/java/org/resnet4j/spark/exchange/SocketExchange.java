package org.resnet4j.spark.exchange;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.resnet4j.training.shard.GradientExchange;
import org.resnet4j.training.shard.Ranks;
import org.resnet4j.training.shard.ShardSum;
import org.resnet4j.training.shard.Span;

/**
 * The connections of a rank with the others over TCP.
 *
 * <p>A sum ends on every rank, with the result or an exception, at most a little later than the time-out after the last
 * sign of life of a rank. A rank is silent while it computes; so the time-out must be longer than one rank takes longer
 * than another for the shards of a step. The exception is that of the rank that found the cause: it tells the others, as
 * far as they can be reached. An interrupt and {@link #close} from another thread end a sum too.
 *
 * <p>Frames travel in clear.
 */
public final class SocketExchange implements GradientExchange, Closeable {
    private final Schedule schedule;
    private final int rank;
    private final Links links;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Packing packing;
    private long sums;
    private long nanos;
    private long waitedBefore;
    private boolean isClosed;

    SocketExchange(Schedule schedule, int rank, Links links) {
        this.schedule = schedule;
        this.rank = rank;
        this.links = links;
        waitedBefore = links.waiting().nanos();
    }

    /**
     * Begins to listen for other ranks.
     *
     * @param bind the address of this machine at which others can reach it
     * @param token the secret of the round
     */
    public static ListeningSocket listen(InetAddress bind, Token token) throws IOException {
        return new ListeningSocket(bind, token);
    }

    @Override
    public Ranks ranks() {
        return schedule.ranks();
    }

    @Override
    public int rank() {
        return rank;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the sums are not those of the nodes of this rank, or differ in their sizes. The
     *     exchange cannot be used afterwards
     */
    @Override
    public void sum(List<ShardSum> own, ShardSum total) throws IOException {
        lock.lock();
        long start = System.nanoTime();
        try {
            if (isClosed) {
                throw new IOException("the exchange is closed");
            }
            links.begin(sums + 1);
            add(own, total);
            sums++;
        } catch (IOException | RuntimeException | Error e) {
            if (!isClosed) {
                isClosed = true;
                links.fail(e);
            }
            throw e;
        } finally {
            nanos += System.nanoTime() - start;
            lock.unlock();
        }
    }

    private void add(List<ShardSum> own, ShardSum total) throws IOException {
        Packing chunks = packing;
        if (chunks == null || !chunks.fits(total)) {
            chunks = new Packing(total, schedule.ways().size());
            packing = chunks;
        }
        List<Span> nodes = ranks().tree().largestWithin(ranks().of(rank));
        if (!own.stream().map(ShardSum::span).toList().equals(nodes)) {
            throw new IllegalArgumentException("rank " + rank + " has the nodes " + nodes + ", got " + own);
        }
        if (!own.stream().allMatch(chunks::fits)) {
            throw new IllegalArgumentException("the sums of rank " + rank + " differ in their sizes");
        }
        var program = new Program(schedule, rank, chunks.chunks());
        new Step(links, program, chunks, own, total, sums + 1).run();
    }

    /** Returns the costs so far. Must not be called during a sum. */
    public ExchangeStatistics statistics() {
        long sent = links.all().stream().mapToLong(Link::sent).sum();
        long received = links.all().stream().mapToLong(Link::received).sum();
        long waited = links.waiting().nanos() - waitedBefore;
        return new ExchangeStatistics(sums, sent, received, waited, nanos - waited);
    }

    /**
     * Tells the other ranks that this one cannot go on, and closes the connections.
     *
     * @param reason the reason, which follows the name of this rank in the exceptions of the others
     */
    public void abort(String reason) {
        end(reason);
    }

    /**
     * Closes the connections. A sum of another thread ends with an exception, on all ranks. The others may finish sums
     * in which they need nothing more from this rank.
     */
    @Override
    public void close() {
        end(null);
    }

    private void end(@Nullable String reason) {
        links.waiting().end(reason == null ? "was closed" : reason);
        lock.lock();
        try {
            if (!isClosed) {
                isClosed = true;
                if (reason == null) {
                    links.close();
                } else {
                    links.abort(links.named(reason));
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
