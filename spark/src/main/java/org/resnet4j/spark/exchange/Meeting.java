package org.resnet4j.spark.exchange;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of an exchange: a rank connects with those of its peers that have lower numbers, and waits for those
 * with higher ones. Strangers that connect are dropped, whatever they send or fail to send.
 */
final class Meeting {
    /** The longest time in which a connection has to show the token. */
    private static final long MOST_STRANGER_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** The most connections that have not shown the token. With another, the oldest is dropped. */
    private static final int MOST_STRANGERS = 256;

    private final ServerSocketChannel server;
    private final Waiting waiting;
    private final Token token;
    private final List<InetSocketAddress> addresses;
    private final Hello own;
    private final Duration timeout;
    private final Set<Integer> expected = new TreeSet<>();
    private final List<Handshake> handshakes = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();

    Meeting(
            ServerSocketChannel server,
            Waiting waiting,
            Token token,
            List<InetSocketAddress> addresses,
            Hello own,
            Duration timeout) {
        this.server = server;
        this.waiting = waiting;
        this.token = token;
        this.addresses = addresses;
        this.own = own;
        this.timeout = timeout;
    }

    private Peer peer(int rank) {
        return new Peer(rank, addresses.get(rank));
    }

    /**
     * Connects with other ranks.
     *
     * @throws IOException if one is missing or differs. The others are told, and everything is closed
     */
    Links meet(Set<Integer> peers) throws IOException {
        long start = System.nanoTime();
        expected.addAll(peers);
        try {
            InetAddress from = ((InetSocketAddress) server.getLocalAddress()).getAddress();
            for (int rank : peers) {
                if (rank < own.rank()) {
                    handshakes.add(Handshake.dial(peer(rank), from, waiting.selector(), token, own));
                }
            }
            server.configureBlocking(false);
            SelectionKey key = server.register(waiting.selector(), SelectionKey.OP_ACCEPT);
            while (!expected.isEmpty()) {
                advance();
                if (!expected.isEmpty()) {
                    await(start);
                }
            }
            key.cancel();
            for (Handshake stranger : handshakes) {
                stranger.close();
            }
            return all();
        } catch (IOException | RuntimeException e) {
            fail(e);
            throw e;
        }
    }

    private Links all() {
        return new Links(peer(own.rank()), links, waiting, timeout);
    }

    private void advance() throws IOException {
        accept();
        for (Handshake handshake : List.copyOf(handshakes)) {
            if (isThrough(handshake)) {
                handshakes.remove(handshake);
                greet(handshake);
            }
        }
        Links met = all();
        for (Link link : links) {
            met.attempt(link, link::read);
            if (link.end() != null) {
                throw new IOException(met.text(link.peer(), link.end()));
            }
        }
    }

    private void accept() throws IOException {
        for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
            handshakes.add(Handshake.accept(channel, waiting.selector(), token, own));
            List<Handshake> strangers = strangers();
            if (strangers.size() > MOST_STRANGERS) {
                drop(strangers.getFirst());
            }
        }
    }

    private List<Handshake> strangers() {
        return handshakes.stream()
                .filter(handshake -> handshake.dialed() == null && !handshake.isTrusted())
                .toList();
    }

    private void drop(Handshake stranger) throws IOException {
        handshakes.remove(stranger);
        stranger.close();
    }

    private boolean isThrough(Handshake handshake) throws IOException {
        try {
            return handshake.advance();
        } catch (StrangerException _) {
            drop(handshake);
            return false;
        }
    }

    private void greet(Handshake handshake) throws IOException {
        Hello hello = handshake.hello();
        Peer peer = handshake.dialed();
        if (peer == null || peer.rank() != hello.rank()) {
            boolean isAwaited = peer == null && hello.rank() > own.rank() && expected.contains(hello.rank());
            if (!isAwaited) {
                throw new IOException((peer == null ? "a rank" : peer) + " says that it is rank " + hello.rank()
                        + ", which rank " + own.rank() + " did not expect");
            }
            peer = peer(hello.rank());
        }
        links.add(handshake.link(peer));
        expected.remove(peer.rank());
        own.check(peer, hello);
    }

    private void await(long start) throws IOException {
        long now = System.nanoTime();
        long deadline = start + timeout.toNanos();
        if (now >= deadline) {
            throw missing();
        }
        long patience = Math.min(MOST_STRANGER_NANOS, timeout.toNanos() / 2);
        for (Handshake stranger : strangers()) {
            long end = stranger.begun() + patience;
            if (now >= end) {
                drop(stranger);
            } else {
                deadline = Math.min(deadline, end);
            }
        }
        handshakes.forEach(Handshake::await);
        links.forEach(Link::await);
        all().await(now, deadline);
    }

    private IOException missing() {
        List<Peer> missing = expected.stream().map(this::peer).toList();
        return new IOException(missing.stream().map(Peer::toString).collect(Collectors.joining(", "))
                + " did not connect with rank " + own.rank() + " within " + Links.text(timeout.toNanos()));
    }

    /** Tells those ranks that were greeted, and closes everything. */
    private void fail(Exception cause) {
        for (Handshake handshake : handshakes) {
            @Nullable Peer dialed = handshake.dialed();
            if (dialed != null && handshake.hasGreeted()) {
                links.add(handshake.link(dialed));
            } else {
                try {
                    handshake.close();
                } catch (IOException _) {
                    // nothing is left to be lost
                }
            }
        }
        all().fail(cause);
    }
}
