package org.resnet4j.graph;

/**
 * A residual block of a graph.
 *
 * @param name its path: {@code layer2.0}
 * @param shortcut the kind of its shortcut
 * @param input id of the value that the block reads
 * @param split id of the value that branch and shortcut begin with
 * @param output id of the value that the block gives
 */
public record Block(String name, Shortcut shortcut, int input, int split, int output) {
    /** A kind of shortcut. */
    public enum Shortcut {
        /** The identity. */
        IDENTITY,
        /** A 1x1 convolution, and what stands before and behind it. */
        PROJECTION,
        /** Every stride-th pixel, and channels of zeros. */
        PADDING,
        /** None: a plain block. */
        NONE
    }

    /** Returns the path that the blocks of a stage have in common: {@code layer2}. */
    public String stage() {
        return name.substring(0, name.lastIndexOf('.'));
    }
}
