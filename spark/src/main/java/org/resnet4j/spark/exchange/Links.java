package org.resnet4j.spark.exchange;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The connections of a rank: signs of life while it waits, and the end of all when one fails.
 *
 * <p>A rank that waits in a sum sends a sign of life from time to time. So silence tells a rank that has stalled from
 * one that waits for it, and only the neighbors of the first end the exchange, with its name.
 */
final class Links {
    private static final long MOST_LINGER = TimeUnit.SECONDS.toNanos(1);

    private final Peer self;
    private final List<Link> links;
    private final Waiting waiting;
    private final long timeout;
    private String during = "while connecting";

    Links(Peer self, List<Link> links, Waiting waiting, Duration timeout) {
        this.self = self;
        this.links = List.copyOf(links);
        this.waiting = waiting;
        this.timeout = timeout.toNanos();
    }

    List<Link> all() {
        return links;
    }

    Waiting waiting() {
        return waiting;
    }

    long timeout() {
        return timeout;
    }

    /** Sets the number of the sum that messages name. */
    void begin(long step) {
        during = "in step " + step;
    }

    /** An operation on a connection. */
    interface Operation {
        void run() throws IOException;
    }

    /**
     * Runs an operation on a connection.
     *
     * @throws IOException if it fails, with the name of the peer
     */
    void attempt(Link link, Operation operation) throws IOException {
        try {
            operation.run();
        } catch (AbortedException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(text(link.peer(), message(e)), e);
        }
    }

    /** Returns the message of a problem of a rank. */
    String text(Peer peer, String problem) {
        return peer + " " + problem + " " + during;
    }

    /** Returns the message of a problem of this rank. */
    String named(String problem) {
        return text(self, problem);
    }

    /** Returns the message of an exception, or its class if it has none. */
    static String message(Throwable e) {
        return Objects.requireNonNullElse(e.getMessage(), e.toString());
    }

    /** Returns a text such as "10 s" or "500 ms". */
    static String text(long nanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }

    /** Sends signs of life where nothing was sent for a while, and checks that the exchange was not closed. */
    void tend(long now) throws IOException {
        for (Link link : links) {
            if (link.isFree() && link.end() == null && now - link.told() > timeout / 4) {
                link.sendAlive();
            }
        }
        own(waiting::check);
    }

    /** Waits until a connection is ready, but no longer than to a time or the next sign of life. */
    void await(long now, long until) throws IOException {
        links.forEach(Link::await);
        own(() -> waiting.await(Math.min(until, now + timeout / 8)));
    }

    private void own(Operation operation) throws IOException {
        try {
            operation.run();
        } catch (InterruptedIOException e) {
            var named = new InterruptedIOException(text(self, message(e)));
            named.initCause(e);
            throw named;
        } catch (IOException e) {
            throw new IOException(text(self, message(e)), e);
        }
    }

    /** Tells the other ranks why the exchange ends, and closes it. */
    void fail(Throwable cause) {
        String reason = cause instanceof IOException ? message(cause) : text(self, "failed (" + cause + ")");
        boolean isNamed = cause instanceof AbortedException || reason.startsWith(self.toString());
        abort(isNamed ? reason : reason + ", reported by " + self);
    }

    /** Tells the other ranks a reason why the exchange ends, and closes it. */
    void abort(String reason) {
        for (Link link : links) {
            if (link.end() == null) {
                link.sendAbort(reason);
            }
        }
        close();
    }

    /**
     * Closes all connections. Waits a short time until the others have closed them too: a connection that is closed with
     * unread data, be it a sign of life, loses what is still on its way to the peer.
     */
    void close() {
        boolean interrupted = Thread.interrupted();
        long until = System.nanoTime() + Math.min(MOST_LINGER, timeout / 4);
        try (waiting) {
            while (links.stream().filter(Links::sayGoodbye).count() > 0 && System.nanoTime() < until) {
                waiting.select(until);
            }
        } catch (IOException _) {
            // a connection that cannot be closed in order is closed below
        } finally {
            links.forEach(Link::close);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns true if the peer has still to close the connection. */
    private static boolean sayGoodbye(Link link) {
        try {
            link.write();
            link.discard();
            link.finish();
            link.await();
        } catch (IOException _) {
            link.close();
        }
        return link.end() == null;
    }
}
