package org.resnet4j.kernel;

import org.resnet4j.kernel.lookup.KernelLookup;

/** A small program that prints the name of the kernels for feature maps in bfloat16. */
public final class PairsProgram {
    private PairsProgram() {}

    public static void main(String[] arguments) {
        System.out.println(KernelLookup.best().bfloat16().name());
    }
}
