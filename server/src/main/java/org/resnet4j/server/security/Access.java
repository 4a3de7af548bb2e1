package org.resnet4j.server.security;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.resnet4j.server.telemetry.Operation;
import org.resnet4j.server.telemetry.Span;

/**
 * The rules by which requests are admitted. Health is open to everyone, so that probes need no token.
 *
 * @param tokens null if no token is needed
 * @param rate null if there is no limit; it counts inferences and classifications
 */
public record Access(@Nullable Tokens tokens, @Nullable RateLimit rate) {
    /** The bytes of an IPv6 address that a client cannot choose. */
    private static final int NETWORK = 8;

    /**
     * Admits a request, and records the name of its client.
     *
     * @param authorization the header of this name, or null
     * @param address the address of the client
     * @throws DeniedException if it may not
     */
    public void admit(Operation operation, @Nullable String authorization, @Nullable InetAddress address, Span span)
            throws DeniedException {
        if (operation.isOpen()) {
            return;
        }
        String client = null;
        if (tokens != null) {
            client = tokens.client(authorization);
            span.user(client);
        }
        if (rate != null && operation.computes()) {
            rate.count(client == null ? network(address) : client);
        }
    }

    /** Returns the address, of IPv6 the part that a client cannot choose. */
    private static String network(@Nullable InetAddress address) {
        if (address instanceof Inet6Address) {
            return Arrays.toString(Arrays.copyOf(address.getAddress(), NETWORK));
        }
        return address == null ? "unknown" : address.getHostAddress();
    }
}
