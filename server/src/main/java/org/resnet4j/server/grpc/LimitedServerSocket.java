package org.resnet4j.server.grpc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/** A server socket that accepts no connection while too many are open. */
final class LimitedServerSocket extends ServerSocket {
    private final Semaphore permits;

    private LimitedServerSocket(int connections) throws IOException {
        permits = new Semaphore(connections);
    }

    /** Returns a factory of such sockets. */
    static ServerSocketFactory factory(int connections) {
        return new Factory(connections);
    }

    @Override
    public Socket accept() throws IOException {
        permits.acquireUninterruptibly();
        var socket = new Counted();
        try {
            implAccept(socket);
            return socket;
        } catch (IOException | RuntimeException failure) {
            socket.close();
            throw failure;
        }
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

        Factory(int connections) {
            this.connections = connections;
        }

        @Override
        public ServerSocket createServerSocket() throws IOException {
            return new LimitedServerSocket(connections);
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
            var socket = new LimitedServerSocket(connections);
            socket.bind(new InetSocketAddress(address, port), backlog);
            return socket;
        }
    }
}
