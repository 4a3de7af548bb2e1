package org.resnet4j.resnet;

/**
 * The two kinds of branches (first paper, figure 5).
 *
 * @since 0.1.0
 */
public enum BlockKind {
    /** Two 3x3 convolutions. */
    BASIC(1),
    /** 1x1, 3x3 and 1x1 convolutions. */
    BOTTLENECK(4);

    private final int expansion;

    BlockKind(int expansion) {
        this.expansion = expansion;
    }

    /** Returns the ratio of the block's output channels to the width of its 3x3 convolutions. */
    public int expansion() {
        return expansion;
    }
}
