package org.resnet4j.spark.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** The frame that is on its way to a peer. */
final class Outgoing {
    /** The most bytes of the reason of an {@link Frame.Kind#ABORT}. */
    static final int MOST_REASON_BYTES = 1024;

    /** Leaves room for an {@link Frame.Kind#ABORT} behind a frame. */
    private static final int BYTES = 2 * Frame.HEADER_BYTES + Packing.MOST_BYTES + MOST_REASON_BYTES;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES).limit(0);

    boolean isEmpty() {
        return !buffer.hasRemaining();
    }

    /** Writes what the connection takes, and returns the number of bytes. */
    int write(SocketChannel channel) throws IOException {
        return channel.write(buffer);
    }

    /** Adds a frame behind what is left to write. */
    void append(Frame frame, Consumer<ByteBuffer> writer) {
        buffer.compact();
        int first = buffer.position() + Frame.HEADER_BYTES;
        int end = first + frame.length();
        ByteBuffer payload = buffer.duplicate().position(first).limit(end).order(ByteOrder.LITTLE_ENDIAN);
        writer.accept(payload);
        frame.write(buffer);
        buffer.putInt(Frame.checksum(payload.position(first)));
        buffer.position(0).limit(end);
    }

    /** Adds the end of the exchange behind what is left to write. */
    void appendAbort(String reason) {
        byte[] bytes = reason.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, MOST_REASON_BYTES);
        append(Frame.abort(length), payload -> payload.put(bytes, 0, length));
    }
}
