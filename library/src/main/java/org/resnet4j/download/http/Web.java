package org.resnet4j.download.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.resnet4j.download.Retries;

/**
 * A client that sends requests and follows redirects. The JDK's client would also follow them, but would send the
 * Authorization header to every server.
 */
final class Web implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final Duration patience;

    // HTTP/1.1: multiplexed streams have no benefit for one file at a time.
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    /**
     * Opens a client.
     *
     * @param patience the time without an answer after which a request fails
     */
    Web(Duration patience) {
        this.patience = patience;
    }

    /** Requests a file from a byte offset; the answer has status 200, 206 or 416, and its body must be closed. */
    HttpResponse<InputStream> get(Download what, long from) throws IOException {
        var headers = new HashMap<String, String>();
        HttpResponse<InputStream> response = follow("GET", what, from, true, headers);
        boolean accepted = false;
        try {
            int status = response.statusCode();
            accepted = status == 200 || status == 206 || status == 416;
            if (!accepted) {
                throw refusal(response, headers);
            }
            return response;
        } finally {
            if (!accepted) {
                response.body().close();
            }
        }
    }

    /** Requests the headers of a file, following redirects that keep the scheme, host and port. */
    Answer look(Download what) throws IOException {
        var headers = new HashMap<String, String>();
        HttpResponse<InputStream> response = follow("HEAD", what, 0, false, headers);
        response.body().close();
        int status = response.statusCode();
        if (status / 100 == 2 || Redirects.isRedirect(status)) {
            return answer(response, headers);
        }
        throw refusal(response, headers);
    }

    private static IOException refusal(HttpResponse<?> response, Map<String, String> headers) {
        int status = response.statusCode();
        return switch (status) {
            case 408, 429, 500, 502, 503, 504 ->
                TemporaryFailure.answered(status, Retries.parseRetryAfter(headers.get("retry-after"), Instant.now()));
            default -> new RefusedException(answer(response, headers));
        };
    }

    private static Answer answer(HttpResponse<?> response, Map<String, String> headers) {
        boolean elsewhere = Redirects.isRedirect(response.statusCode());
        return new Answer(response.uri(), response.statusCode(), elsewhere ? -1 : length(response), headers);
    }

    /** Returns the Content-Length; -1 if it is missing or malformed. */
    static long length(HttpResponse<?> response) {
        String length =
                response.headers().firstValue("Content-Length").orElse("").strip();
        return length.matches("\\d{1,18}") ? Long.parseLong(length) : -1;
    }

    private HttpResponse<InputStream> follow(
            String method, Download what, long from, boolean everywhere, Map<String, String> headers)
            throws IOException {
        URI at = what.address();
        for (int hops = 0; hops <= Redirects.MOST; hops++) {
            HttpResponse<InputStream> response = send(method, what, at, from);
            response.headers()
                    .map()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
            if (!Redirects.isRedirect(response.statusCode())) {
                return response;
            }
            boolean arrived = false;
            try {
                URI next = Redirects.target(
                        at, response.headers().firstValue("Location").orElse(null));
                arrived = !everywhere && !Redirects.sameOrigin(what.address(), next);
                if (arrived) {
                    return response;
                }
                at = next;
            } finally {
                if (!arrived) {
                    response.body().close();
                }
            }
        }
        throw new IOException(
                what + ": redirected more than " + Redirects.MOST + " times, last to " + Redirects.shown(at));
    }

    private HttpResponse<InputStream> send(String method, Download what, URI at, long from) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(at)
                .timeout(patience)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("User-Agent", "resnet4j")
                .header("Accept-Encoding", "identity");
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        if (what.authorization() != null && Redirects.sameOrigin(what.address(), at)) {
            request.header("Authorization", what.authorization());
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException interrupted) {
            throw Retries.interruptedWhile("downloading " + what, interrupted);
        } catch (IOException failure) {
            throw TemporaryFailure.of(failure);
        } catch (IllegalArgumentException invalid) {
            // The exception of the JDK's client for a malformed header, such as a length of 20 digits.
            throw new IOException(what + ": the server's answer is not valid HTTP: " + invalid.getMessage(), invalid);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
