package org.resnet4j.server.http;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.resnet4j.server.front.Gate;
import org.resnet4j.server.infer.Inference;
import org.resnet4j.server.model.ModelCatalog;
import org.resnet4j.server.model.UnknownModelException;
import org.resnet4j.server.security.Access;
import org.resnet4j.server.security.ServerIdentity;
import org.resnet4j.server.telemetry.Span;
import org.resnet4j.server.telemetry.Telemetry;

/** The HTTP side of a server: it listens on a port and answers, each request on a virtual thread, until it is stopped. */
public final class HttpFront {
    private static final int HEADER_BYTES = 16 << 10;
    private static final String AUTHORIZATION = "Authorization";
    private static final String TRACE = "traceparent";

    private final Server server;
    private final ServerConnector connector;
    private final Gate gate;
    private final Telemetry telemetry;
    private final Access access;
    private final Routes routes = new Routes();

    /**
     * Creates a front that does not listen yet.
     *
     * @param gate the state of the server
     * @param identity encrypts the connections; null for plain ones
     */
    public HttpFront(
            HttpSettings settings,
            Gate gate,
            ModelCatalog models,
            Inference inference,
            Telemetry telemetry,
            Access access,
            @Nullable ServerIdentity identity) {
        this.gate = gate;
        this.telemetry = telemetry;
        this.access = access;
        var bodies = new Bodies(gate, settings.maxBody(), settings.bodyTimeout());
        new ProtocolRoutes(bodies, gate, models, inference, settings.version()).addTo(routes);
        new ClassifyRoutes(bodies, models, inference).addTo(routes);
        new MetricsRoutes(models, telemetry).addTo(routes);
        new ModelRoutes(models).addTo(routes);
        new PageRoutes().addTo(routes);
        var threads = new QueuedThreadPool();
        threads.setName("resnet4j-http");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server = new Server(threads);
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        connector = connector(http, identity);
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(settings.idleTimeout().toMillis());
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(settings.maxConnections(), server));
        server.setHandler(new Front());
        server.setErrorHandler((request, response, callback) -> {
            int status = response.getStatus();
            exchange(request, response, callback).fail(status, HttpStatus.getMessage(status));
            return true;
        });
    }

    private ServerConnector connector(HttpConfiguration http, @Nullable ServerIdentity identity) {
        if (identity == null) {
            return new ServerConnector(server, new HttpConnectionFactory(http));
        }
        var tls = new SslContextFactory.Server();
        tls.setSslContext(identity.context());
        http.addCustomizer(new SecureRequestCustomizer(false)); // clients may come by address, or through a proxy
        return new ServerConnector(server, tls, new HttpConnectionFactory(http));
    }

    private Exchange exchange(Request request, Response response, Callback callback) {
        Span span = telemetry.begin(
                Span.Transport.HTTP,
                Request.getRemoteAddr(request),
                request.getHeaders().get(TRACE));
        return new Exchange(request, response, callback, () -> telemetry.end(span), span);
    }

    /** Finds the answer to each request. */
    private final class Front extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            gate.begin();
            Exchange exchange = exchange(request, response, Callback.from(callback, gate::end));
            Answers.run(this::answer, exchange);
            return true;
        }

        private void answer(Exchange exchange) throws Exception {
            Routes.Found found = routes.find(exchange.method(), exchange.address());
            exchange.span().asks(found.operation(), exchange.target());
            access.admit(found.operation(), exchange.header(AUTHORIZATION), exchange.client(), exchange.span());
            try {
                found.answer().to(exchange.at(found.segments()));
            } catch (UnknownModelException unknown) {
                throw gate.state() == Gate.State.LOADING
                        ? RefusedException.busy("the models are being loaded", Duration.ofSeconds(1))
                        : unknown;
            }
        }
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
            String reason = taken.getCause() == null
                    ? taken.getMessage()
                    : taken.getCause().getMessage();
            throw new IOException(
                    "cannot listen on " + connector.getHost() + ":" + connector.getPort() + ": " + reason, taken);
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Returns the port. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Returns the number of open connections. */
    public int connections() {
        return connector.getConnectedEndPoints().size();
    }

    Routes routes() {
        return routes;
    }

    /** Accepts no further connections; those that are open go on. */
    public void refuse() {
        connector.close();
    }

    /** Closes the port and all connections. */
    public void stop() {
        try {
            server.stop();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
