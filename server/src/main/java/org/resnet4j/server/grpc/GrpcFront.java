package org.resnet4j.server.grpc;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.okhttp.OkHttpServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.resnet4j.server.front.Gate;
import org.resnet4j.server.infer.Inference;
import org.resnet4j.server.model.ModelCatalog;
import org.resnet4j.server.security.Access;
import org.resnet4j.server.security.ServerIdentity;
import org.resnet4j.server.telemetry.Telemetry;

/** The gRPC side of a server: it listens on a port and answers, each call on a virtual thread, until it is stopped. */
public final class GrpcFront {
    private static final int HEADER_BYTES = 16 << 10;
    private static final int WINDOW_BYTES = 1 << 20;
    private static final int CALLS_PER_CONNECTION = 256;
    private static final Duration FASTEST_PINGS = Duration.ofSeconds(10);

    /** The time in which clients acknowledge that the server ends. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final GrpcSettings settings;
    private final Server server;

    /**
     * Creates a front that does not listen yet.
     *
     * @param gate the state of the server
     * @param identity encrypts the connections; null for plain ones
     */
    public GrpcFront(
            GrpcSettings settings,
            Gate gate,
            ModelCatalog models,
            Inference inference,
            Telemetry telemetry,
            Access access,
            @Nullable ServerIdentity identity) {
        this.settings = settings;
        Executor threads = Executors.newVirtualThreadPerTaskExecutor();
        long idle = settings.idleTimeout().toMillis();
        SSLSocketFactory tls = identity == null ? null : identity.context().getSocketFactory();
        server = OkHttpServerBuilder.forPort(
                        new InetSocketAddress(settings.host(), settings.port()), InsecureServerCredentials.create())
                .socketFactory(LimitedServerSocket.factory(settings.maxConnections(), WINDOW_BYTES, tls))
                .transportExecutor(threads)
                .executor(threads)
                .flowControlWindow(WINDOW_BYTES)
                .maxInboundMessageSize(Integer.MAX_VALUE) // Arrival has the limit: docs/decisions/0035-grpc.md
                .maxInboundMetadataSize(HEADER_BYTES)
                .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
                .maxConnectionIdle(idle, TimeUnit.MILLISECONDS)
                .keepAliveTime(idle, TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(FASTEST_PINGS.toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addStreamTracerFactory(Arrival.factory(gate, settings.maxMessage()))
                .addService(new InferenceService(gate, models, inference, settings.version())
                        .definition(threads, settings.messageTimeout(), access, telemetry))
                .build();
    }

    /**
     * Begins to listen.
     *
     * @throws IOException if the port is taken
     */
    public void start() throws IOException {
        try {
            server.start();
        } catch (IOException taken) {
            throw new IOException(
                    "cannot listen on " + settings.host() + ":" + settings.port() + " for gRPC: " + taken.getMessage(),
                    taken);
        }
    }

    /** Returns the port. */
    public int port() {
        return server.getPort();
    }

    /** Accepts no further connections and calls; those that have begun go on. */
    public void refuse() {
        server.shutdown();
    }

    /** Closes the port and all connections. */
    public void stop() {
        server.shutdown();
        try {
            server.awaitTermination(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        } finally {
            server.shutdownNow();
        }
    }
}
