package org.resnet4j.benchmarks;

import org.resnet4j.kernel.lookup.KernelLookup;

/** The name and description of our library. */
final class Resnet4j {
    static final String NAME = "resnet4j";

    /** The engine in a process without the Vector API and without machine code, which computes in plain loops. */
    static final String PLAIN = NAME + "-plain";

    private Resnet4j() {}

    /** Returns true for the peers that run only if they are named. */
    static boolean isOnRequest(String peer) {
        return peer.startsWith(PLAIN) || peer.startsWith(Resnet4jTraining.SHARDED);
    }

    static String describe() {
        return KernelLookup.best().name() + ", float32";
    }
}
