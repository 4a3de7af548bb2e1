package org.resnet4j.download.http;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The rules for following redirects. */
final class Redirects {
    /** The maximum number of consecutive redirects; more are taken for a loop. */
    static final int MOST = 10;

    private Redirects() {}

    static boolean isRedirect(int status) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    /**
     * Returns the address that an answer of {@code from} redirects to.
     *
     * @throws IOException if the location is missing or malformed, or leads from https to http
     */
    static URI target(URI from, @Nullable String location) throws IOException {
        if (location == null) {
            throw new IOException(shown(from) + ": the server redirects without a location");
        }
        URI next;
        try {
            next = from.resolve(location);
            requireWeb(next);
        } catch (IllegalArgumentException malformed) {
            throw new IOException(shown(from) + ": the server redirects to an invalid address", malformed);
        }
        if (scheme(from).equals("https") && !scheme(next).equals("https")) {
            throw new IOException(
                    shown(from) + ": the server redirects to " + shown(next) + ", which is not encrypted: refused");
        }
        return next;
    }

    /**
     * Returns true if both addresses have the same scheme, host and port, so that credentials for one may be sent to
     * the other.
     */
    static boolean sameOrigin(URI one, URI other) {
        return scheme(one).equals(scheme(other))
                && one.getHost().equalsIgnoreCase(other.getHost())
                && port(one) == port(other);
    }

    static void requireWeb(URI address) {
        String scheme = scheme(address);
        if (!scheme.equals("https") && !scheme.equals("http")
                || address.getHost() == null
                || address.getPort() > 65535
                || address.getRawUserInfo() != null) {
            throw new IllegalArgumentException("no address of the form http(s)://HOST/PATH");
        }
    }

    /** Returns an address without its query, which may contain a signature that grants access to the file. */
    static String shown(URI address) {
        return address.getScheme() + "://" + address.getRawAuthority() + address.getRawPath();
    }

    private static String scheme(URI address) {
        String scheme = address.getScheme();
        return scheme == null ? "" : scheme.toLowerCase(Locale.ROOT);
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return scheme(address).equals("https") ? 443 : 80;
    }
}
