package org.resnet4j.inference.step;

/** The packing of the weights of convolutions. */
public enum Packing {
    /** Packing for the algorithm that computes each convolution fastest. */
    FASTEST_CALLS,
    /**
     * Packing for convolution by its definition. These weights are packed soonest, and the JIT compiler has one hot
     * method to compile instead of ten.
     */
    SOONEST
}
