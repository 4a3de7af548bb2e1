package org.resnet4j.spark.exchange;

import java.net.InetSocketAddress;

/**
 * A rank and the address where it listens, as messages name it.
 *
 * @param rank the number of the rank
 * @param address the address of its listening socket
 */
record Peer(int rank, InetSocketAddress address) {
    @Override
    public String toString() {
        return "rank " + rank + " (" + text(address) + ")";
    }

    /** Returns an address without the name of the host, which would need a look-up. */
    static String text(InetSocketAddress address) {
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
