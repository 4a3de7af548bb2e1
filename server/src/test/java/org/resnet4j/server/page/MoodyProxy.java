package org.resnet4j.server.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server before the server, which refuses requests if it is told to. */
final class MoodyProxy implements AutoCloseable {
    private final String target;
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile HttpServer server;
    private volatile int status;
    private volatile @Nullable String token;

    MoodyProxy(int port) throws IOException {
        target = "http://127.0.0.1:" + port;
        server = listen(0);
    }

    private HttpServer listen(int port) throws IOException {
        HttpServer listening = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        listening.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        listening.createContext("/", this::answer);
        listening.start();
        return listening;
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Refuses the next requests for classes with this status. */
    void refuse(int times, int with) {
        status = with;
        refusals.set(times);
    }

    /** Refuses all requests under /v1 without this token; null for none. */
    void require(@Nullable String wanted) {
        token = wanted;
    }

    /** Stops listening. */
    void leave() {
        server.stop(0);
    }

    /** Listens again on the same port. */
    void comeBack() throws IOException {
        server = listen(port());
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        String wanted = token;
        if (wanted != null
                && path.startsWith("/v1")
                && !List.of("Bearer " + wanted)
                        .equals(exchange.getRequestHeaders().get("Authorization"))) {
            send(exchange, 401, "{\"error\":\"a token is needed\"}".getBytes(StandardCharsets.UTF_8));
        } else if (path.equals("/v1/classify") && refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            exchange.getResponseHeaders().set("Retry-After", "1");
            send(exchange, status, "{\"error\":\"the queue is full\"}".getBytes(StandardCharsets.UTF_8));
        } else {
            forward(exchange, body);
        }
    }

    private void forward(HttpExchange exchange, byte[] body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(target + exchange.getRequestURI()))
                .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body))
                .build();
        try {
            HttpResponse<byte[]> reply = client.send(request, BodyHandlers.ofByteArray());
            reply.headers().map().forEach((name, values) -> {
                if (!name.startsWith(":") && !name.equalsIgnoreCase("Content-Length")) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            send(exchange, reply.statusCode(), reply.body());
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }
}
