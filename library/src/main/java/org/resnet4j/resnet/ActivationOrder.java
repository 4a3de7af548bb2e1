package org.resnet4j.resnet;

/**
 * The positions of normalization and ReLU in a residual block (second paper, figure 4).
 *
 * @since 0.1.0
 */
public enum ActivationOrder {
    /** After each convolution, with the last ReLU after the addition: the first paper's block (figure 4a). */
    POST,
    /**
     * As {@link #POST}, with the last normalization after the addition as well (figure 4b). It changes the signal on
     * the shortcut.
     */
    NORM_AFTER_ADDITION,
    /**
     * As {@link #POST}, with the last ReLU before the addition (figure 4c). The output of the branch is then never
     * negative.
     */
    RELU_BEFORE_ADDITION,
    /** ReLU before each convolution, normalization after it, nothing after the addition (figure 4d). */
    RELU_ONLY_PRE,
    /**
     * Normalization and ReLU before each convolution, nothing after the addition: "full pre-activation" (figure 4e).
     * Nothing interrupts the shortcuts. One more normalization and ReLU follow the last block.
     */
    PRE,
    /**
     * As {@link #POST}, with a bias in place of each normalization, to show the effect of normalization. Deep networks
     * of this kind hardly train.
     */
    WITHOUT_NORM;

    /**
     * Returns true if a branch ends with a normalization or the bias in its place. A projection then ends with one as
     * well.
     */
    boolean endsWithNorm() {
        return this == POST || this == RELU_BEFORE_ADDITION || this == RELU_ONLY_PRE || this == WITHOUT_NORM;
    }
}
