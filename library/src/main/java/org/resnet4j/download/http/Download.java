package org.resnet4j.download.http;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A file on a server, and what is known of it.
 *
 * @param address where it is, by http or https
 * @param authorization sent as the Authorization header to the scheme, host and port of {@code address}, and to no
 *     other that it redirects to; null for none
 * @param checksum what the file must have; null where nobody says
 * @param size how many bytes it has; -1 where nobody says
 * @param limit more bytes than these are not accepted
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

    /** A file that anybody may read, of a known checksum. */
    public static Download of(URI address, Checksum checksum, long limit) {
        return new Download(address, null, checksum, -1, limit);
    }

    /** The address alone: what authorizes is nobody's business. */
    @Override
    public String toString() {
        return Redirects.shown(address);
    }
}
