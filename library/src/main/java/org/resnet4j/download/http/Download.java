package org.resnet4j.download.http;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A file on a server, and its known properties.
 *
 * @param address its http or https address
 * @param authorization the Authorization header for the scheme, host and port of {@code address}; never sent to another
 *     server that it redirects to; null for none
 * @param checksum the expected checksum; null if unknown
 * @param size the expected size in bytes; -1 if unknown
 * @param limit the maximum number of bytes that are accepted
 */
public record Download(
        URI address,
        @Nullable String authorization,
        @Nullable Checksum checksum,
        long size,
        long limit) {
    public Download {
        Redirects.requireWeb(address);
        if (size < -1 || limit < 1) {
            throw new IllegalArgumentException("size " + size + ", limit " + limit);
        }
    }

    /** Returns a public file with a known checksum. */
    public static Download of(URI address, Checksum checksum, long limit) {
        return new Download(address, null, checksum, -1, limit);
    }

    /** Returns only the address, never the authorization. */
    @Override
    public String toString() {
        return Redirects.shown(address);
    }
}
