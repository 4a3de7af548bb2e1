package org.resnet4j.resnet;

/** The places of normalization and ReLU in a block (second paper, figure 4). */
public enum ActivationOrder {
    /** Behind each convolution, the last ReLU behind the sum: the first paper's block (figure 4a). */
    POST,
    /** As {@link #POST}, with the last normalization behind the sum as well (figure 4b): it holds up the shortcut. */
    NORM_AFTER_ADDITION,
    /** As {@link #POST}, with the last ReLU before the sum (figure 4c): a branch can add, but never take away. */
    RELU_BEFORE_ADDITION,
    /** ReLU before each convolution, normalization behind it, nothing behind the sum (figure 4d). */
    RELU_ONLY_PRE,
    /**
     * Both before each convolution, nothing behind the sum: "full pre-activation" (figure 4e). The shortcuts are
     * never interrupted; one more normalization and ReLU follow the last block.
     */
    PRE,
    /**
     * As {@link #POST}, with a bias where normalization stands: a network without normalization, to show what normalization is
     * good for. Deep ones hardly train.
     */
    WITHOUT_NORM;

    /** Returns true if a branch ends with a normalization or the bias in its place; a projection then ends with one, too. */
    boolean endsWithNorm() {
        return this == POST || this == RELU_BEFORE_ADDITION || this == RELU_ONLY_PRE || this == WITHOUT_NORM;
    }
}
