package org.resnet4j.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.resnet4j.download.http.FlakyServer;

/**
 * A hub on this machine that behaves as the real one did in 2026: it redirects to a path of its own for small files and
 * to another server for large ones, which are those that do not end in {@code .json}.
 */
final class HubServer implements AutoCloseable {
    /** A request as it came; empty strings for headers that it did not have. */
    record Seen(String method, String path, String authorization) {}

    /** An answer in place of the right one. */
    private record Refusal(int status, String code, String message) {}

    private final HttpServer server;
    private final FlakyServer storage = new FlakyServer();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Commits by {@code OWNER/NAME@REVISION}, where a revision may be a commit. */
    private final Map<String, String> commits = new ConcurrentHashMap<>();

    /** Contents by {@code COMMIT/FILE}. */
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();

    private final Map<String, String> moved = new ConcurrentHashMap<>();
    private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();
    private final Map<String, String> headers = new ConcurrentHashMap<>();
    private final List<Seen> requests = new CopyOnWriteArrayList<>();
    private volatile int failure;
    private volatile int patience;
    private volatile int failures;

    HubServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String endpoint() {
        var at = server.getAddress();
        return "http://" + at.getAddress().getHostAddress() + ":" + at.getPort();
    }

    /** The other server, which has the large files by their SHA-256. */
    FlakyServer storage() {
        return storage;
    }

    void put(String repository, String revision, String commit, Map<String, byte[]> contents) {
        commits.put(repository + "@" + revision, commit);
        commits.put(repository + "@" + commit, commit);
        contents.forEach((file, bytes) -> {
            files.put(commit + "/" + file, bytes);
            storage.serve("/" + sha256(bytes), bytes);
        });
    }

    /** Requests for the one repository are redirected to the other, by a path. */
    void move(String from, String to) {
        moved.put(from, to);
    }

    /** Files whose path contains this are refused. */
    void refuse(String part, int status, String code, String message) {
        refusals.put(part, new Refusal(status, code, message));
    }

    /** A header has this value wherever it is sent; empty: it is left out. */
    void header(String name, String value) {
        headers.put(name, value);
    }

    /** The next answers, so many, have this status, and the wish to wait so many seconds. */
    void fail(int status, int times, int retryAfter) {
        failure = status;
        patience = retryAfter;
        failures = times;
    }

    List<Seen> requests() {
        return requests;
    }

    /** The requests as {@code METHOD path}. */
    List<String> asked() {
        return requests.stream().map(seen -> seen.method() + " " + seen.path()).toList();
    }

    static String sha256(byte[] bytes) {
        return digest("SHA-256", bytes);
    }

    static String gitBlob(byte[] bytes) {
        byte[] header = ("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[header.length + bytes.length];
        System.arraycopy(header, 0, all, 0, header.length);
        System.arraycopy(bytes, 0, all, header.length, bytes.length);
        return digest("SHA-1", all);
    }

    private static String digest(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            requests.add(new Seen(exchange.getRequestMethod(), path, authorization == null ? "" : authorization));
            if (failures > 0) {
                failures--;
                set(exchange, "Retry-After", String.valueOf(patience));
                status(exchange, failure);
                return;
            }
            for (var refusal : refusals.entrySet()) {
                if (path.contains(refusal.getKey())) {
                    refuse(exchange, refusal.getValue());
                    return;
                }
            }
            String[] parts = path.substring(1).split("/", -1);
            if (path.startsWith("/api/resolve-cache/models/")) {
                small(exchange, parts[5], parts[6]);
            } else if (parts.length == 5 && parts[2].equals("resolve")) {
                resolve(exchange, parts[0] + "/" + parts[1], parts[3], parts[4]);
            } else {
                status(exchange, 400);
            }
        }
    }

    private void resolve(HttpExchange exchange, String repository, String rawRevision, String file) throws IOException {
        String other = moved.get(repository);
        if (other != null) {
            redirect(exchange, "/" + other + "/resolve/" + rawRevision + "/" + file);
            return;
        }
        String revision = URLDecoder.decode(rawRevision, StandardCharsets.UTF_8);
        String commit = commits.get(repository + "@" + revision);
        if (commit == null) {
            boolean known = commits.keySet().stream().anyMatch(key -> key.startsWith(repository + "@"));
            refuse(exchange, known ? new Refusal(404, "RevisionNotFound", "") : new Refusal(401, "RepoNotFound", ""));
            return;
        }
        set(exchange, "X-Repo-Commit", commit);
        byte[] bytes = files.get(commit + "/" + file);
        if (bytes == null) {
            refuse(exchange, new Refusal(404, "EntryNotFound", "Entry not found"));
            return;
        }
        if (file.endsWith(".json")) {
            redirect(exchange, "/api/resolve-cache/models/" + repository + "/" + commit + "/" + file);
            return;
        }
        set(exchange, "X-Linked-Size", String.valueOf(bytes.length));
        set(exchange, "X-Linked-Etag", "\"" + sha256(bytes) + "\"");
        set(exchange, "ETag", "\"of-the-redirect\"");
        String address = storage.address(sha256(bytes)).toString().replace("127.0.0.1", "localhost");
        redirect(exchange, address + "?signature=secret");
    }

    private void small(HttpExchange exchange, String commit, String file) throws IOException {
        byte[] bytes = files.get(commit + "/" + file);
        set(exchange, "X-Repo-Commit", commit);
        set(exchange, "ETag", "\"" + gitBlob(bytes) + "\"");
        if (exchange.getRequestMethod().equals("HEAD")) {
            set(exchange, "Content-Length", String.valueOf(bytes.length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private void refuse(HttpExchange exchange, Refusal refusal) throws IOException {
        if (!refusal.code().isEmpty()) {
            set(exchange, "X-Error-Code", refusal.code());
        }
        if (!refusal.message().isEmpty()) {
            set(exchange, "X-Error-Message", refusal.message());
        }
        status(exchange, refusal.status());
    }

    private void redirect(HttpExchange exchange, String location) throws IOException {
        set(exchange, "Location", location);
        status(exchange, 307);
    }

    private static void status(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
    }

    private void set(HttpExchange exchange, String name, String value) {
        String changed = headers.getOrDefault(name, value);
        if (changed.isEmpty()) {
            exchange.getResponseHeaders().remove(name);
        } else {
            exchange.getResponseHeaders().set(name, changed);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        storage.close();
    }
}
