package org.resnet4j.resnet;

/** Where normalisation and ReLU stand (second paper, figure 4). */
public enum ActivationOrder {
    /** Behind each convolution, the last ReLU behind the sum: the first paper's block. */
    POST,
    /**
     * Before each convolution, nothing behind the sum: "full pre-activation". What comes over the shortcuts is never changed;
     * one more normalisation and ReLU follow the last block.
     */
    PRE
}
