package org.resnet4j.download.http;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a redirect may lead. */
final class Redirects {
    /** More in a row are taken for a circle. */
    static final int MOST = 10;

    private Redirects() {}

    static boolean isRedirect(int status) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    /**
     * Where an answer of {@code from} leads.
     *
     * @throws IOException if it says nothing of use, or leads from https to http
     */
    static URI target(URI from, @Nullable String location) throws IOException {
        if (location == null) {
            throw new IOException(shown(from) + ": the server redirects without saying where to");
        }
        URI next;
        try {
            next = from.resolve(location);
            requireWeb(next);
        } catch (IllegalArgumentException malformed) {
            throw new IOException(
                    shown(from) + ": the server redirects to something that is no web address", malformed);
        }
        if (scheme(from).equals("https") && !scheme(next).equals("https")) {
            throw new IOException(
                    shown(from) + ": the server redirects to " + shown(next) + ", which is not encrypted: refused");
        }
        return next;
    }

    /** The same scheme, host and port: who may see what is meant for the one may see it for the other. */
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

    /** An address without its query, which may hold a signature that opens the file to everybody. */
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
