package org.resnet4j.graph;

/**
 * A residual block of a graph.
 *
 * @param name the path of the block: {@code layer2.0}
 * @param shortcut the kind of shortcut
 * @param input the id of the value that the block reads
 * @param split the id of the value that both branch and shortcut read
 * @param output the id of the block's result
 */
public record Block(String name, Shortcut shortcut, int input, int split, int output) {
    /** The kinds of shortcuts. */
    public enum Shortcut {
        /** The identity. */
        IDENTITY,
        /** A 1x1 convolution, with the layers before and after it. */
        PROJECTION,
        /** Subsampling and channels of zeros. */
        PADDING,
        /** No shortcut: a plain block. */
        NONE
    }

    /** Returns the common path of the blocks of a stage: {@code layer2}. */
    public String stage() {
        return name.substring(0, name.lastIndexOf('.'));
    }
}
