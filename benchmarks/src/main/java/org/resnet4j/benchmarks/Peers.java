package org.resnet4j.benchmarks;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** Lookup and selection of peers. */
final class Peers {
    private Peers() {}

    /** Returns the peers of the service loader, which loads them lazily. */
    static <P extends Peer> Stream<P> all(Class<P> kind) {
        return services(kind);
    }

    /** Returns what the service loader finds, and loads lazily. */
    static <P> Stream<P> services(Class<P> kind) {
        return ServiceLoader.load(kind).stream().map(ServiceLoader.Provider::get);
    }

    /**
     * Selects peers, in their original order.
     *
     * @param wanted names of engines, or of peers, or their prefixes up to a hyphen if no peer has that name; empty for
     *     all
     * @throws IllegalArgumentException if a name matches no peer; the message lists all peers
     */
    static <P extends Peer> List<P> select(List<P> peers, List<String> wanted) {
        for (String name : wanted) {
            if (peers.stream().noneMatch(peer -> isMeant(peer, name, peers))) {
                throw new IllegalArgumentException("no peer " + name + "; the peers are "
                        + peers.stream().map(Peer::name).toList());
            }
        }
        return peers.stream()
                .filter(peer -> wanted.isEmpty() || wanted.stream().anyMatch(name -> isMeant(peer, name, peers)))
                .toList();
    }

    private static boolean isNamed(Peer peer, String name) {
        return peer.name().equals(name) || Precision.engine(peer.name()).equals(name);
    }

    private static boolean isMeant(Peer peer, String name, List<? extends Peer> all) {
        return all.stream().anyMatch(one -> isNamed(one, name))
                ? isNamed(peer, name)
                : peer.name().startsWith(name + "-");
    }
}
