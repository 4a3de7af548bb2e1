package org.resnet4j.benchmarks;

import org.resnet4j.kernel.lookup.KernelLookup;

/** The name and description of our library. */
final class Resnet4j {
    static final String NAME = "resnet4j";

    private Resnet4j() {}

    static String describe() {
        return KernelLookup.best().name() + ", float32";
    }
}
