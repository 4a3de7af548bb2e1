package org.resnet4j.server.grpc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** A server socket that accepts no connection while too many are open, and watches those that it accepts. */
final class LimitedServerSocket extends ServerSocket {
    private static final String PROTOCOL = "h2";

    private final Semaphore permits;
    private final Factory settings;

    private LimitedServerSocket(Factory settings) throws IOException {
        this.settings = settings;
        permits = new Semaphore(settings.connections);
    }

    /**
     * Returns a factory of such sockets.
     *
     * @param window the flow control window of each connection
     * @param tls encrypts the connections; null for plain ones
     */
    static ServerSocketFactory factory(int connections, int window, @Nullable SSLSocketFactory tls) {
        return new Factory(connections, window, tls);
    }

    @Override
    public Socket accept() throws IOException {
        permits.acquireUninterruptibly();
        var socket = new Counted();
        try {
            implAccept(socket);
            return new WatchedSocket(encrypted(socket), settings.window);
        } catch (IOException | RuntimeException failure) {
            socket.close();
            throw failure;
        }
    }

    /** Returns the encrypted side of a connection, if connections are encrypted. The handshake is part of the first reading. */
    private Socket encrypted(Socket socket) throws IOException {
        if (settings.tls == null) {
            return socket;
        }
        var encrypted = (SSLSocket) settings.tls.createSocket(socket, null, socket.getPort(), true);
        encrypted.setUseClientMode(false);
        SSLParameters parameters = encrypted.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {PROTOCOL});
        encrypted.setSSLParameters(parameters);
        return encrypted;
    }

    /** A connection, which gives its permit back when it is closed. */
    private final class Counted extends Socket {
        private final AtomicBoolean open = new AtomicBoolean(true);

        @Override
        public void close() throws IOException {
            if (open.getAndSet(false)) {
                permits.release();
            }
            super.close();
        }
    }

    private static final class Factory extends ServerSocketFactory {
        private final int connections;
        private final int window;
        private final @Nullable SSLSocketFactory tls;

        Factory(int connections, int window, @Nullable SSLSocketFactory tls) {
            this.connections = connections;
            this.window = window;
            this.tls = tls;
        }

        @Override
        public ServerSocket createServerSocket() throws IOException {
            return new LimitedServerSocket(this);
        }

        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            return createServerSocket(port, 0);
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) throws IOException {
            return createServerSocket(port, backlog, null);
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress address)
                throws IOException {
            var socket = new LimitedServerSocket(this);
            socket.bind(new InetSocketAddress(address, port), backlog);
            return socket;
        }
    }
}
