package org.resnet4j.spark.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connection with another rank, which holds one frame in each direction. Its methods move what can be moved at once
 * and never wait.
 *
 * <p>The buffers have a fixed size: nothing is allocated from a length that the peer sends.
 *
 * <p>Each payload has a checksum. The 16 bits of TCP miss one damaged segment in 65,536, and a flipped bit on its way
 * down would leave ranks with different weights without any notice.
 */
final class Link {
    private static final int IN_BYTES = Frame.HEADER_BYTES + Packing.MOST_BYTES;

    private final Peer peer;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer in = ByteBuffer.allocateDirect(IN_BYTES).limit(Frame.HEADER_BYTES);
    private final Outgoing out = new Outgoing();
    private @Nullable Frame header;
    private int checksum;
    private @Nullable String end;
    private long heard;
    private long told;
    private long received;
    private long sent;

    Link(Peer peer, SocketChannel channel, SelectionKey key) {
        this.peer = peer;
        this.channel = channel;
        this.key = key;
        heard = System.nanoTime();
        told = heard;
    }

    Peer peer() {
        return peer;
    }

    /** Returns why the connection has ended, or null while it lives. */
    @Nullable
    String end() {
        return end;
    }

    /** Returns when the peer was heard last, by {@link System#nanoTime}. */
    long heard() {
        return heard;
    }

    /** Returns when something was sent last. */
    long told() {
        return told;
    }

    long received() {
        return received;
    }

    long sent() {
        return sent;
    }

    /** Returns true if nothing is left to write. */
    boolean isFree() {
        return out.isEmpty();
    }

    /** Returns true if a frame of a sum is complete. */
    boolean hasFrame() {
        return header != null && !in.hasRemaining();
    }

    /** Sets what the selector waits for. */
    void await() {
        int read = hasFrame() ? 0 : SelectionKey.OP_READ;
        int write = isFree() ? 0 : SelectionKey.OP_WRITE;
        if (key.isValid()) {
            key.interestOps(end == null ? read | write : 0);
        }
    }

    /**
     * Reads until a frame of a sum is complete, or nothing is left to read.
     *
     * @throws AbortedException if the peer has ended the exchange
     * @throws IOException if the peer sent something that is not a frame
     */
    void read() throws IOException {
        while (end == null && !hasFrame()) {
            int count;
            try {
                count = channel.read(in);
            } catch (IOException e) {
                end = "closed the connection (" + Links.message(e) + ")";
                return;
            }
            if (count < 0) {
                end = "closed the connection";
            }
            if (count <= 0) {
                return;
            }
            received += count;
            heard = System.nanoTime();
            if (!in.hasRemaining()) {
                interpret();
            }
        }
    }

    private void interpret() throws IOException {
        if (header == null) {
            ByteBuffer bytes = in.duplicate().flip();
            Frame frame = Frame.read(bytes);
            int most = frame.kind() == Frame.Kind.ABORT ? Outgoing.MOST_REASON_BYTES : Packing.MOST_BYTES;
            if (frame.length() < 0 || frame.length() > most) {
                throw new IOException("sent a frame of " + frame.length() + " bytes");
            }
            checksum = bytes.getInt();
            header = frame;
            in.limit(Frame.HEADER_BYTES + frame.length());
        }
        if (!in.hasRemaining()) {
            if (Frame.checksum(payload()) != checksum) {
                throw new IOException("sent a frame that was damaged on its way");
            }
            switch (header.kind()) {
                case ALIVE -> release();
                case ABORT -> throw new AbortedException(reason());
                case UP, DOWN -> {}
            }
        }
    }

    private ByteBuffer payload() {
        return in.duplicate().flip().position(Frame.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns the reason that the peer gives, without what could disturb a log. */
    private String reason() {
        return StandardCharsets.UTF_8.decode(payload()).toString().replaceAll("\\p{Cntrl}", " ");
    }

    private void release() {
        header = null;
        in.clear().limit(Frame.HEADER_BYTES);
    }

    /**
     * Passes on the payload of the complete frame, and makes room for the next.
     *
     * @throws IOException if it is not the expected frame
     */
    void receive(Frame expected, Consumer<ByteBuffer> reader) throws IOException {
        if (header == null) {
            throw new IllegalStateException("no frame");
        }
        header.check(expected);
        reader.accept(payload());
        release();
    }

    /** Begins to send a frame. The link must be free. */
    void send(Frame frame, Consumer<ByteBuffer> writer) {
        if (!isFree()) {
            throw new IllegalStateException("a frame is on its way");
        }
        out.append(frame, writer);
        write();
    }

    /** Sends a sign of life. The link must be free. */
    void sendAlive() {
        send(Frame.alive(), payload -> {});
    }

    /** Begins to send the reason of the end, behind a frame that is on its way. */
    void sendAbort(String reason) {
        out.appendAbort(reason);
        write();
    }

    /** Writes until nothing is left to write, or the connection takes no more. */
    void write() {
        try {
            while (end == null && !out.isEmpty()) {
                int count = out.write(channel);
                if (count == 0) {
                    return;
                }
                sent += count;
                told = System.nanoTime();
            }
        } catch (IOException e) {
            end = "closed the connection (" + Links.message(e) + ")";
        }
    }

    /**
     * Reads what arrived before the end of the connection, in search of a reason.
     *
     * @throws AbortedException if the peer gives one
     */
    void drain() throws IOException {
        do {
            if (hasFrame()) {
                release();
            }
            read();
        } while (hasFrame());
    }

    /** Reads and forgets all that arrives. No frames can be read afterwards. */
    void discard() {
        header = null;
        while (end == null) {
            try {
                int count = channel.read(in.clear());
                if (count < 0) {
                    end = "closed the connection";
                }
                if (count <= 0) {
                    return;
                }
            } catch (IOException e) {
                end = "closed the connection (" + Links.message(e) + ")";
            }
        }
    }

    /** Ends the outgoing direction when everything is sent. */
    void finish() throws IOException {
        if (isFree() && end == null) {
            channel.shutdownOutput();
        }
    }

    void close() {
        if (end == null) {
            end = "was closed";
        }
        try {
            channel.close();
        } catch (IOException _) {
            // nothing is left to be lost
        }
    }
}
