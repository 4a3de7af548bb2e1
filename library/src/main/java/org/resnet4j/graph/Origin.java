package org.resnet4j.graph;

/**
 * The place of an operation in its network.
 *
 * @param layer path of the layer; a layer may be several operations, such as a normalization and ReLU
 * @param block path of the residual block; empty outside blocks
 * @param part of the block
 */
public record Origin(String layer, String block, Part part) {
    /** A part of a network. */
    public enum Part {
        /** Before, between and behind the blocks. */
        TRUNK,
        /** The layers that branch and shortcut of a block both begin with. */
        ENTRY,
        /** The branch of a block. */
        BRANCH,
        /** The shortcut of a block. */
        SHORTCUT,
        /** The sum of branch and shortcut. */
        SUM,
        /** The layers that follow the sum, or, in a plain block, the branch. */
        EXIT
    }
}
