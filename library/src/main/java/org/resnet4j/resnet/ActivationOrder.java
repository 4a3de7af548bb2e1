package org.resnet4j.resnet;

/** Where normalisation and ReLU stand (second paper, figure 4). */
public enum ActivationOrder {
    /** Behind each convolution, the last ReLU behind the sum: the first paper's block (figure 4a). */
    POST,
    /** As {@link #POST}, with the last normalisation behind the sum as well (figure 4b): it holds up the shortcut. */
    NORM_AFTER_ADDITION,
    /** As {@link #POST}, with the last ReLU before the sum (figure 4c): a branch can add, but never take away. */
    RELU_BEFORE_ADDITION,
    /** ReLU before each convolution, normalisation behind it, nothing behind the sum (figure 4d). */
    RELU_ONLY_PRE,
    /**
     * Both before each convolution, nothing behind the sum: "full pre-activation" (figure 4e). What comes over the shortcuts is
     * never changed; one more normalisation and ReLU follow the last block.
     */
    PRE,
    /**
     * As {@link #POST}, with a bias where normalisation stands: a network without normalisation, to see what that is good for. Deep
     * ones hardly train.
     */
    WITHOUT_NORM;

    /** Whether the last layer of a branch is a normalisation, or what stands for it; a projection then ends with one, too. */
    boolean endsWithNorm() {
        return this == POST || this == RELU_BEFORE_ADDITION || this == RELU_ONLY_PRE || this == WITHOUT_NORM;
    }
}
