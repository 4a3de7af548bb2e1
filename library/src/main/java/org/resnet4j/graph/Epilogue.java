package org.resnet4j.graph;

import org.jspecify.annotations.Nullable;

/**
 * The computation of a node after its operation, in this order: an affine function of each channel, the addition of the
 * node's last input, ReLU. {@link Passes} create epilogues; in a graph built from a network they are empty.
 *
 * @param affine the affine function folded into a convolution, or null
 * @param adds true if the last input is added
 * @param relu true if ReLU follows
 */
public record Epilogue(Operation.@Nullable Affine affine, boolean adds, boolean relu) {
    /** The empty epilogue. */
    public static final Epilogue NONE = new Epilogue(null, false, false);

    Epilogue withAffine(Operation.Affine folded) {
        return new Epilogue(folded, adds, relu);
    }

    Epilogue withSum(Epilogue ofSum) {
        return new Epilogue(affine, true, ofSum.relu);
    }

    Epilogue withRelu() {
        return new Epilogue(affine, adds, true);
    }
}
