package org.resnet4j.graph;

import org.jspecify.annotations.Nullable;

/**
 * The computation of a node behind its operation, in this order: an affine function of each channel, the addition of the node's last
 * input, ReLU. {@link Passes} fill it in; a graph as it is made of a network has empty ones.
 *
 * @param affine folded into a convolution, or null
 * @param adds true where the last input is added
 * @param relu true where ReLU follows
 */
public record Epilogue(Operation.@Nullable Affine affine, boolean adds, boolean relu) {
    /** Nothing. */
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
