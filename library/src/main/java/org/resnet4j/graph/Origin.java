package org.resnet4j.graph;

/**
 * The origin of an operation in its network.
 *
 * @param layer the path of the layer; a layer may consist of several operations, such as a normalization and ReLU
 * @param block the path of the residual block; empty outside blocks
 * @param part the part of the block
 */
public record Origin(String layer, String block, Part part) {
    /** A part of a network. */
    public enum Part {
        /** The layers before, between and after the blocks. */
        TRUNK,
        /** The layers of a block that precede both branch and shortcut. */
        ENTRY,
        /** The branch of a block. */
        BRANCH,
        /** The shortcut of a block. */
        SHORTCUT,
        /** The sum of branch and shortcut. */
        SUM,
        /** The layers after the sum, or, in a plain block, after the branch. */
        EXIT
    }
}
