package org.resnet4j.resnet;

/** Which shortcut each block gets (first paper, section 4.1). */
public enum ShortcutOption {
    /** Identity; where the shape changes, subsampling and zeros. No parameters. */
    A,
    /** Identity; where the shape changes, a projection. The usual choice for photographs. */
    B,
    /** A projection everywhere. */
    C,
    /** None: a plain network. */
    NONE;

    Shortcut shortcut(String name, int inChannels, int outChannels, int stride) {
        boolean sameShape = stride == 1 && inChannels == outChannels;
        return switch (this) {
            case NONE -> new NoShortcut();
            case C -> new ProjectionShortcut(name, inChannels, outChannels, stride);
            case B ->
                sameShape ? new IdentityShortcut() : new ProjectionShortcut(name, inChannels, outChannels, stride);
            case A -> sameShape ? new IdentityShortcut() : new PaddingShortcut(inChannels, outChannels, stride);
        };
    }
}
