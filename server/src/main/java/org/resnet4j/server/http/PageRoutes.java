package org.resnet4j.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.resnet4j.server.telemetry.Operation;

/**
 * The page for people, the document of all addresses and its page. They are resources of the server, read at its start:
 * no part of a request becomes a file name.
 */
final class PageRoutes {
    /** Addresses with the files that are their replies. */
    private static final Map<String, String> FILES = files();

    /** The page loads nothing but what this server sends, and no other page may frame it. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' blob: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static Map<String, String> files() {
        var files = new LinkedHashMap<String, String>();
        files.put("/", "index.html");
        files.put("/docs", "docs.html");
        files.put("/openapi.json", "openapi.json");
        for (String file :
                new String[] {"style.css", "app.js", "api.js", "view.js", "text.js", "docs.js", "docs.css", "icon.svg"
                }) {
            files.put("/page/" + file, file);
        }
        return files;
    }

    /** Returns the addresses of the files. */
    static Set<String> addresses() {
        return FILES.keySet();
    }

    void addTo(Routes routes) {
        FILES.forEach((address, file) -> {
            byte[] content = read(file);
            String type = type(file);
            routes.get(
                    Operation.PAGE,
                    address,
                    exchange -> exchange.with("Content-Security-Policy", POLICY)
                            .with("X-Content-Type-Options", "nosniff")
                            .with("Referrer-Policy", "no-referrer")
                            .with("Cache-Control", "no-cache")
                            .send(200, type, content));
        });
    }

    private static String type(String file) {
        return switch (file.substring(file.lastIndexOf('.') + 1)) {
            case "html" -> "text/html;charset=utf-8";
            case "css" -> "text/css;charset=utf-8";
            case "js" -> "text/javascript;charset=utf-8";
            case "svg" -> "image/svg+xml";
            case "json" -> Exchange.JSON;
            default -> throw new IllegalArgumentException(file);
        };
    }

    private static byte[] read(String file) {
        try (InputStream in = PageRoutes.class.getResourceAsStream("/org/resnet4j/server/page/" + file)) {
            if (in == null) {
                throw new IllegalStateException("the page has no file " + file);
            }
            return in.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
