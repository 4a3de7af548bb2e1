package org.resnet4j.download.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A local server that can break connections, stall, fail, redirect, send without end and ignore ranges. */
public final class FlakyServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, String> redirects = new ConcurrentHashMap<>();
    private final Map<String, String> headers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Integer> breaks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile int breakAfter = Integer.MAX_VALUE;
    private volatile int stallAfter = Integer.MAX_VALUE;
    private volatile boolean ranges = true;
    private volatile boolean endless;
    private volatile int failure;

    public FlakyServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public URI address(String file) {
        var at = server.getAddress();
        return URI.create("http://" + at.getAddress().getHostAddress() + ":" + at.getPort() + "/" + file);
    }

    public void serve(String path, byte[] bytes) {
        files.put(path, bytes);
    }

    /** Ends every answer after this many bytes, although its length claims more. */
    public void breakAfter(int bytes) {
        breakAfter = bytes;
    }

    /** Ends the next answers with a body after this many bytes each. */
    public void breakOnceAfter(List<Integer> bytes) {
        breaks.addAll(bytes);
    }

    /** Stalls the first answer after this many bytes. */
    public void stallAfter(int bytes) {
        stallAfter = bytes;
    }

    public void ignoreRanges() {
        ranges = false;
    }

    /** Continues answers without end after their content, without a length. */
    public void neverEnd() {
        endless = true;
    }

    public void fail(int status) {
        fail(status, Integer.MAX_VALUE);
    }

    /** Gives the next answers this status and no body. */
    public void fail(int status, int times) {
        failure = status;
        failures.set(times);
    }

    public void redirect(String path, String location) {
        redirects.put(path, location);
    }

    /** Adds a header to all answers. */
    public void header(String name, String value) {
        headers.put(name, value);
    }

    /** Returns the Range header of each request; empty if it had none. */
    public List<String> requests() {
        return requests;
    }

    /** Returns the Authorization header of each request; empty if it had none. */
    public List<String> authorizations() {
        return authorizations;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String range = orEmpty(exchange.getRequestHeaders().getFirst("Range"));
            requests.add(range);
            authorizations.add(orEmpty(exchange.getRequestHeaders().getFirst("Authorization")));
            headers.forEach(exchange.getResponseHeaders()::set);
            String path = exchange.getRequestURI().getPath();
            if (failures.getAndDecrement() > 0) {
                exchange.sendResponseHeaders(failure, -1);
                return;
            }
            failures.set(0);
            if (redirects.containsKey(path)) {
                exchange.getResponseHeaders().set("Location", redirects.get(path));
                exchange.sendResponseHeaders(302, -1);
                return;
            }
            byte[] bytes = files.get(path);
            if (bytes == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(bytes.length));
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            send(exchange, bytes, range.isEmpty() || !ranges ? 0 : Integer.parseInt(range.replaceAll("\\D", "")));
        }
    }

    private static String orEmpty(String header) {
        return header == null ? "" : header;
    }

    private void send(HttpExchange exchange, byte[] bytes, int from) throws IOException {
        if (from > 0 && from >= bytes.length) {
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        if (from > 0) {
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
        }
        int length = bytes.length - from;
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, endless ? 0 : length == 0 ? -1 : length);
        Integer once = breaks.poll();
        int sent = Math.min(length, Math.min(once == null ? breakAfter : once, stallAfter));
        exchange.getResponseBody().write(bytes, from, sent);
        exchange.getResponseBody().flush();
        if (sent == stallAfter) {
            stallAfter = Integer.MAX_VALUE;
            awaitClose();
        }
        while (endless) {
            exchange.getResponseBody().write(bytes);
        }
        // the connection breaks if fewer bytes were sent than promised
    }

    private void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        endless = false;
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
