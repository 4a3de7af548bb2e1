package org.resnet4j.dataset;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on this machine that can break off, stall, fail and ignore ranges. */
final class FlakyServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile int breakAfter = Integer.MAX_VALUE;
    private volatile int stallAfter = Integer.MAX_VALUE;
    private volatile boolean ranges = true;
    private volatile int failure;

    FlakyServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    URI address(String file) {
        var at = server.getAddress();
        return URI.create("http://" + at.getAddress().getHostAddress() + ":" + at.getPort() + "/" + file);
    }

    void serve(String path, byte[] bytes) {
        files.put(path, bytes);
    }

    /** Each answer ends after so many bytes, though its length promises more. */
    void breakAfter(int bytes) {
        breakAfter = bytes;
    }

    /** The first answer falls silent after so many bytes. */
    void stallAfter(int bytes) {
        stallAfter = bytes;
    }

    void ignoreRanges() {
        ranges = false;
    }

    void fail(int status) {
        failure = status;
    }

    /** The Range header of each request; empty where it had none. */
    List<String> requests() {
        return requests;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        requests.add(range == null ? "" : range);
        byte[] bytes = files.get(exchange.getRequestURI().getPath());
        if (failure != 0 || bytes == null) {
            exchange.sendResponseHeaders(failure != 0 ? failure : 404, -1);
            exchange.close();
            return;
        }
        int from = range == null || !ranges ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (from >= bytes.length) {
            exchange.sendResponseHeaders(416, -1);
            exchange.close();
            return;
        }
        if (from > 0) {
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
        }
        int length = bytes.length - from;
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, length);
        int sent = Math.min(length, Math.min(breakAfter, stallAfter));
        exchange.getResponseBody().write(bytes, from, sent);
        exchange.getResponseBody().flush();
        if (sent == stallAfter) {
            stallAfter = Integer.MAX_VALUE;
            try {
                Thread.sleep(5_000);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
        exchange.close(); // fewer bytes than promised: the connection breaks
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
