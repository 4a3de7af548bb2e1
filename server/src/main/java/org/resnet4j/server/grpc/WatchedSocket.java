package org.resnet4j.server.grpc;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A connection in which two faults of the library are mended, by the frames that pass.
 *
 * <p>The library forgets in the flow control of a connection what it receives for calls that have ended. A client whose
 * calls are refused while it sends would wait forever in the end. The bytes that are lost are given back here, between two
 * frames of the library.
 *
 * <p>A client may begin calls and reset them without end, and none of them counts as one at a time (CVE-2023-44487). A
 * connection with too many resets breaks.
 */
final class WatchedSocket extends Socket {
    private static final int PREFACE_BYTES = 24;

    /** The bytes that the library may have received, but not counted: its buffers, and a frame. */
    private static final int UNCOUNTED = 1 << 16;

    /** The fewest bytes that are given back. */
    private static final int PORTION = 1 << 14;

    private static final int MOST_RESETS = 512;
    private static final long RESET_PERIOD = TimeUnit.SECONDS.toNanos(30);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /** The bytes of the window of the connection that were used and not given back. */
    private final AtomicLong used = new AtomicLong();

    /** The largest number of them that the library may still give back. */
    private final long owed;

    /**
     * @param socket the connection, which is closed with this one
     * @param window the flow control window that the library announces; it gives bytes back when half of it is used
     */
    WatchedSocket(Socket socket, int window) throws IOException {
        this.socket = socket;
        owed = (long) window / 2 + UNCOUNTED;
        in = new Input(socket.getInputStream());
        out = new Output(socket.getOutputStream());
    }

    private final class Input extends FilterInputStream {
        private long resetsSince = System.nanoTime();
        private int resets;

        private final Http2Frames frames = new Http2Frames(PREFACE_BYTES) {
            @Override
            void frame(int type, int length, int stream, int increment) {
                if (type == DATA) {
                    used.addAndGet(length);
                } else if (type == RESET) {
                    countReset();
                }
            }
        };

        Input(InputStream in) {
            super(in);
        }

        private void countReset() {
            long now = System.nanoTime();
            if (now - resetsSince > RESET_PERIOD) {
                resetsSince = now;
                resets = 0;
            }
            resets++;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int most = length;
            if (resets > MOST_RESETS) {
                // to the end of the frame, after which the library takes a broken connection for an ordinary end
                most = Math.min(length, frames.rest());
                if (most == 0) {
                    throw new SocketException("the client has reset more than " + MOST_RESETS + " calls");
                }
            }
            int count = in.read(bytes, offset, most);
            if (count > 0) {
                frames.scan(bytes, offset, count);
            }
            return count;
        }
    }

    private final class Output extends FilterOutputStream {
        /** The first byte of an array that was not passed on. */
        private int rest;

        private final Http2Frames frames = new Http2Frames(0) {
            @Override
            void between(byte[] bytes, int index) throws IOException {
                long lost = used.get() - owed;
                if (lost >= PORTION) {
                    used.addAndGet(-lost);
                    out.write(bytes, rest, index - rest);
                    rest = index;
                    out.write(windowUpdate((int) lost));
                }
            }

            @Override
            void frame(int type, int length, int stream, int increment) {
                if (type == WINDOW_UPDATE && stream == 0) {
                    used.updateAndGet(bytes -> Math.max(0, bytes - increment)); // the first one gives back nothing
                }
            }
        };

        Output(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            rest = offset;
            frames.scan(bytes, offset, length);
            out.write(bytes, rest, offset + length - rest);
        }
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() {
        return out;
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        socket.setTcpNoDelay(on);
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return socket.getRemoteSocketAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return socket.getLocalSocketAddress();
    }

    @Override
    public InetAddress getInetAddress() {
        return socket.getInetAddress();
    }

    @Override
    public boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
