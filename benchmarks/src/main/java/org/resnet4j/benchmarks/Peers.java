package org.resnet4j.benchmarks;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** The peers there are, and which of them are wanted. */
final class Peers {
    private Peers() {}

    /** Our library first, then what the service loader finds, when it is asked for. */
    static <P extends Peer> Stream<P> all(P ours, Class<P> kind) {
        return Stream.concat(Stream.of(ours), ServiceLoader.load(kind).stream().map(ServiceLoader.Provider::get));
    }

    /**
     * Those that are wanted, in their own order.
     *
     * @param wanted names, or their beginnings up to a hyphen where nobody has the name; empty for all
     * @throws IllegalArgumentException if there is none of a name; the message lists those there are
     */
    static <P extends Peer> List<P> select(List<P> peers, List<String> wanted) {
        for (String name : wanted) {
            if (peers.stream().noneMatch(peer -> isMeant(peer, name, peers))) {
                throw new IllegalArgumentException("no peer " + name + "; there are "
                        + peers.stream().map(Peer::name).toList());
            }
        }
        return peers.stream()
                .filter(peer -> wanted.isEmpty() || wanted.stream().anyMatch(name -> isMeant(peer, name, peers)))
                .toList();
    }

    private static boolean isMeant(Peer peer, String name, List<? extends Peer> all) {
        return all.stream().anyMatch(one -> one.name().equals(name))
                ? peer.name().equals(name)
                : peer.name().startsWith(name + "-");
    }
}
