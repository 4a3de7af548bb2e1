package org.resnet4j.resnet;

import java.util.Optional;
import java.util.function.UnaryOperator;
import org.resnet4j.layer.DropoutSum;
import org.resnet4j.layer.GatedSum;
import org.resnet4j.layer.ScaledSum;
import org.resnet4j.layer.SummingLayer;

/**
 * The shortcuts of a network's blocks.
 *
 * <p>A, B and C are the first paper's (section 4.1), D is of "Bag of Tricks" (He et al., 2019). The last four are ablations of
 * the second paper (section 3.1), which shows by them that nothing should stand in the way of the shortcut: they are A, but
 * where the shape does not change the sum {@linkplain org.resnet4j.layer.WeighedSum weighs} its parts.
 */
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
    NONE,
    /** As A, with half of the branch and half of the shortcut: "constant scaling". */
    SCALED,
    /** As A; a gate weighs the branch, and what it leaves the shortcut, as in highway networks. */
    EXCLUSIVE_GATE,
    /** As A; a gate closes the shortcut and leaves the branch alone. */
    SHORTCUT_GATE,
    /** As A; in training half of the shortcut's elements are left out, by chance. */
    DROPOUT;

    private static final float SCALE = 0.5f;

    /** Returns true if zeros fill the channels that a block adds; widths must then not decrease. */
    public boolean pads() {
        return switch (this) {
            case A, SCALED, EXCLUSIVE_GATE, SHORTCUT_GATE, DROPOUT -> true;
            case B, C, D, NONE -> false;
        };
    }

    /**
     * Returns the shortcut of one block.
     *
     * @param name of a projection
     * @param order where the branch ends without normalization, so does a projection
     */
    Shortcut shortcut(String name, int inChannels, int outChannels, int stride, ActivationOrder order) {
        if (this == NONE) {
            return new NoShortcut();
        }
        if (stride == 1 && inChannels == outChannels && this != C) {
            return new IdentityShortcut();
        }
        if (pads()) {
            return new PaddingShortcut(inChannels, outChannels, stride);
        }
        if (!order.endsWithNorm()) {
            return ProjectionShortcut.bare(name, inChannels, outChannels, stride);
        }
        if (order == ActivationOrder.WITHOUT_NORM) {
            return ProjectionShortcut.biased(name, inChannels, outChannels, stride);
        }
        return this == D
                ? ProjectionShortcut.averaging(name, inChannels, outChannels, stride)
                : ProjectionShortcut.normalized(name, inChannels, outChannels, stride);
    }

    /**
     * Returns the weights of the sum of a block with the identity as shortcut; nothing if the sum has none.
     *
     * @param name the block's path
     * @param number of the block among all
     */
    Optional<UnaryOperator<SummingLayer>> weights(String name, int channels, int number) {
        String gate = name + ".gate";
        return switch (this) {
            case A, B, C, D, NONE -> Optional.empty();
            case SCALED -> Optional.of(end -> new ScaledSum(end, SCALE));
            case EXCLUSIVE_GATE -> Optional.of(end -> new GatedSum(end, gate, channels, true));
            case SHORTCUT_GATE -> Optional.of(end -> new GatedSum(end, gate, channels, false));
            case DROPOUT -> Optional.of(end -> new DropoutSum(end, number));
        };
    }
}
