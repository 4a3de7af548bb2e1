package org.resnet4j.benchmarks;

import java.util.Arrays;
import java.util.List;

/** The number format of a network. */
public enum Precision {
    /** Engines add in another order or use transforms; an arithmetic error is far above the tolerance. */
    FLOAT32("float32", 1e-3),

    /**
     * Engines round a few values to a neighboring byte, because they compute the number before in another order; a
     * wrong scale or zero point is far above the tolerance.
     */
    INT8("int8", 0.05),

    /** Engines round at other places, so that scores differ by about a percent. */
    BFLOAT16("bf16", 0.05);

    private final String word;
    private final double tolerance;

    Precision(String word, double tolerance) {
        this.word = word;
        this.tolerance = tolerance;
    }

    /**
     * Returns the format of this name.
     *
     * @throws IllegalArgumentException if there is none; the message lists all
     */
    private static Precision named(String name) {
        return Arrays.stream(values())
                .filter(one -> one.word.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "--precision must be float32, int8, bf16 or several of them, got " + name));
    }

    /** Returns the formats of these names, each once. */
    static List<Precision> named(List<String> names) {
        return names.stream().map(Precision::named).distinct().toList();
    }

    /**
     * Returns the formats of these names, each once.
     *
     * @throws IllegalArgumentException if nothing is trained in one of them
     */
    static List<Precision> ofTraining(List<String> names) {
        List<Precision> precisions = named(names);
        if (precisions.contains(INT8)) {
            throw new IllegalArgumentException("--precision of training must be float32, bf16 or both, got int8");
        }
        return precisions;
    }

    /** Returns the format of a peer, which its name ends with unless it is float32. */
    static Precision of(String peer) {
        return Arrays.stream(values())
                .filter(one -> one != FLOAT32 && peer.endsWith(one.suffix()))
                .findFirst()
                .orElse(FLOAT32);
    }

    /** Returns the name of a peer's engine, which is the name of its peer in float32. */
    static String engine(String peer) {
        return peer.substring(0, peer.length() - of(peer).suffix().length());
    }

    /** Returns the name of the peer with this format. */
    String peer(String engine) {
        return engine + suffix();
    }

    /** Returns the name of the format on the command line. */
    String word() {
        return word;
    }

    private String suffix() {
        return this == FLOAT32 ? "" : "-" + word;
    }

    /** Returns the largest difference of correct logits, as a share of the largest logit. */
    double tolerance() {
        return tolerance;
    }
}
