package org.resnet4j.resnet;

/** Which shortcut each block gets (first paper, section 4.1; D of "Bag of Tricks", He et al., 2019). */
public enum ShortcutOption {
    /** Identity; where the shape changes, subsampling and zeros. No parameters. */
    A,
    /** Identity; where the shape changes, a projection. The usual choice for photographs. */
    B,
    /** A projection everywhere. */
    C,
    /** As B; where the image becomes smaller, its pixels are averaged before the projection instead of left out. */
    D,
    /** None: a plain network. */
    NONE;

    /**
     * The shortcut of one block.
     *
     * @param name of a projection
     * @param order with pre-activation, projections have no normalisation of their own
     */
    Shortcut shortcut(String name, int inChannels, int outChannels, int stride, ActivationOrder order) {
        boolean sameShape = stride == 1 && inChannels == outChannels;
        return switch (this) {
            case NONE -> new NoShortcut();
            case A -> sameShape ? new IdentityShortcut() : new PaddingShortcut(inChannels, outChannels, stride);
            case B, C, D -> {
                if (sameShape && this != C) {
                    yield new IdentityShortcut();
                }
                if (order == ActivationOrder.PRE) {
                    yield ProjectionShortcut.bare(name, inChannels, outChannels, stride);
                }
                yield this == D
                        ? ProjectionShortcut.averaging(name, inChannels, outChannels, stride)
                        : ProjectionShortcut.normalized(name, inChannels, outChannels, stride);
            }
        };
    }
}
