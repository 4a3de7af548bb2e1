package org.resnet4j.spark.exchange;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import org.jspecify.annotations.Nullable;

/**
 * A connection on which the greetings are still under way. The rank that connects greets first. The one that accepts
 * checks the token before it reads on, and greets last.
 */
final class Handshake implements Closeable {
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Token token;
    private final @Nullable Peer dialed;
    private final long begun = System.nanoTime();
    private final ByteBuffer in = ByteBuffer.allocate(Hello.BYTES).limit(Hello.PREFIX_BYTES);
    private final ByteBuffer out;

    private Handshake(SocketChannel channel, Selector selector, Token token, Hello own, @Nullable Peer dialed)
            throws IOException {
        this.channel = channel;
        this.token = token;
        this.dialed = dialed;
        out = own.write(token);
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        key = channel.register(selector, 0, this);
    }

    /** Begins to connect with a rank, from a given address of this machine. */
    static Handshake dial(Peer peer, InetAddress from, Selector selector, Token token, Hello own) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            var handshake = new Handshake(channel, selector, token, own, peer);
            channel.bind(new InetSocketAddress(from, 0));
            channel.connect(peer.address());
            return handshake;
        } catch (IOException | UnresolvedAddressException e) {
            channel.close();
            throw cannotReach(peer, e);
        }
    }

    private static IOException cannotReach(Peer peer, Exception e) {
        String reason = e instanceof UnresolvedAddressException ? "unknown host" : Links.message(e);
        return new IOException(peer + " cannot be reached: " + reason, e);
    }

    /** Takes a connection that was accepted. */
    static Handshake accept(SocketChannel channel, Selector selector, Token token, Hello own) throws IOException {
        try {
            return new Handshake(channel, selector, token, own, null);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Returns the rank that this one connects with, or null if it is the other that connects. */
    @Nullable
    Peer dialed() {
        return dialed;
    }

    long begun() {
        return begun;
    }

    /** Returns true if the other has shown the token. */
    boolean isTrusted() {
        return in.limit() > Hello.PREFIX_BYTES;
    }

    /** Returns true if the own greeting is sent. What follows it is read as frames. */
    boolean hasGreeted() {
        return !out.hasRemaining();
    }

    /** Sets what the selector waits for. */
    void await() {
        if (channel.isConnectionPending()) {
            key.interestOps(SelectionKey.OP_CONNECT);
        } else {
            int read = in.hasRemaining() ? SelectionKey.OP_READ : 0;
            int write = maySend() && out.hasRemaining() ? SelectionKey.OP_WRITE : 0;
            key.interestOps(read | write);
        }
    }

    private boolean maySend() {
        return dialed != null || !in.hasRemaining();
    }

    /**
     * Moves what can be moved at once. Returns true if both greetings are through.
     *
     * @throws StrangerException if the connection was accepted and does not come from a rank of this round
     * @throws IOException if there is a problem with a rank of this round, which the message names
     */
    boolean advance() throws IOException {
        if (channel.isConnectionPending()) {
            try {
                channel.finishConnect();
            } catch (IOException e) {
                throw dialed == null ? e : cannotReach(dialed, e);
            }
            if (channel.isConnectionPending()) {
                return false;
            }
        }
        try {
            return exchange();
        } catch (IOException e) {
            if (dialed == null && !isTrusted()) {
                throw new StrangerException(Links.message(e));
            }
            String name = dialed == null ? "a rank (" + remote() + ")" : dialed.toString();
            throw new IOException(name + " " + Links.message(e) + " while connecting", e);
        }
    }

    private boolean exchange() throws IOException {
        send();
        while (in.hasRemaining()) {
            int count;
            try {
                count = channel.read(in);
            } catch (IOException e) {
                throw new IOException("closed the connection (" + Links.message(e) + ")", e);
            }
            if (count < 0) {
                throw new IOException("closed the connection");
            }
            if (count == 0) {
                return false;
            }
            if (!in.hasRemaining() && !isTrusted()) {
                int version = Hello.readPrefix(in.duplicate().flip(), token);
                in.limit(Hello.BYTES);
                Hello.checkVersion(version);
            }
        }
        send();
        return hasGreeted();
    }

    private void send() throws IOException {
        if (maySend() && out.hasRemaining()) {
            channel.write(out);
        }
    }

    private String remote() {
        try {
            return channel.getRemoteAddress() instanceof InetSocketAddress address ? Peer.text(address) : "unknown";
        } catch (IOException _) {
            return "unknown";
        }
    }

    /** Returns the greeting of the other. */
    Hello hello() throws IOException {
        return Hello.read(in.duplicate().flip().position(Hello.PREFIX_BYTES));
    }

    /** Makes this the connection with a rank. */
    Link link(Peer peer) {
        return new Link(peer, channel, key);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
