package org.resnet4j.benchmarks;

import java.io.IOException;

/** The process of a {@link ServingPeer}. It prints the address of its server and ends when its input ends. */
public final class ServingChild {
    private ServingChild() {}

    /** Serves. The arguments are the name of the peer, the network and the number of threads. */
    public static void main(String[] arguments) throws IOException {
        ServingPeer peer = ServingBenchmark.peers()
                .filter(one -> one.name().equals(arguments[0]))
                .findFirst()
                .orElseThrow();
        Workload workload = Workload.named(arguments[1]).withBatch(1);
        ServingPeer.Network network = peer.load(Prediction.of(workload), Integer.parseInt(arguments[2]));
        try (var server = new MinimalServer(network, workload)) {
            System.out.println("serving at http://127.0.0.1:" + server.port());
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }
}
