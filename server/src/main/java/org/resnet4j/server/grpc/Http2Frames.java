package org.resnet4j.server.grpc;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Finds the frames of HTTP/2 in one direction of a connection. For one thread at a time.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-4.1">RFC 9113, frames</a>
 */
abstract class Http2Frames {
    static final int DATA = 0;
    static final int RESET = 3;
    static final int WINDOW_UPDATE = 8;

    private static final int HEADER_BYTES = 9;
    private static final int TYPE = 3;
    private static final int STREAM = 5;

    /** The header of a frame; of a window update the whole frame. */
    private final ByteBuffer start = ByteBuffer.allocate(HEADER_BYTES + Integer.BYTES);

    /** The bytes that belong to no header. */
    private int left;

    /** @param before the bytes before the first frame */
    Http2Frames(int before) {
        left = before;
    }

    /** Returns a frame that adds to the window of a connection. */
    static byte[] windowUpdate(int bytes) {
        return ByteBuffer.allocate(HEADER_BYTES + Integer.BYTES)
                .putInt(0, Integer.BYTES << Byte.SIZE | WINDOW_UPDATE)
                .putInt(HEADER_BYTES, bytes)
                .array();
    }

    /** Called when the next byte is the first one of a frame. */
    void between(byte[] bytes, int index) throws IOException {}

    /**
     * Called after the header of a frame.
     *
     * @param length the bytes of its content
     * @param increment the bytes that a window update adds to the window
     */
    abstract void frame(int type, int length, int stream, int increment) throws IOException;

    /** Returns the bytes up to the next frame, as far as they are known; 0 between two frames. */
    final int rest() {
        if (start.position() == 0) {
            return left;
        }
        return (start.position() < HEADER_BYTES ? HEADER_BYTES : start.capacity()) - start.position();
    }

    /** Scans the next bytes of the connection. */
    final void scan(byte[] bytes, int offset, int length) throws IOException {
        int end = offset + length;
        int at = offset;
        while (at < end) {
            if (left > 0) {
                int count = Math.min(left, end - at);
                left -= count;
                at += count;
                continue;
            }
            if (start.position() == 0) {
                between(bytes, at);
            }
            start.put(bytes[at]);
            at++;
            if (start.position() >= HEADER_BYTES && (start.get(TYPE) != WINDOW_UPDATE || !start.hasRemaining())) {
                int content = start.getInt(0) >>> Byte.SIZE;
                left = content - (start.position() - HEADER_BYTES);
                start.clear();
                frame(
                        start.get(TYPE),
                        content,
                        start.getInt(STREAM) & Integer.MAX_VALUE,
                        start.getInt(HEADER_BYTES) & Integer.MAX_VALUE);
            }
        }
    }
}
