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
 * <p>A, B and C are from the first paper (section 4.1), D from "Bag of Tricks" (He et al., 2019). The last four are
 * ablations of the second paper (section 3.1), which show that the shortcut should be exactly the identity. They are
 * like A, but where the shape does not change, the sum {@linkplain org.resnet4j.layer.WeighedSum weights} its two
 * parts.
 *
 * @since 0.1.0
 */
public enum ShortcutOption {
    /** Identity; subsampling and zero padding where the shape changes. No parameters. */
    A,
    /** Identity; a projection where the shape changes. The usual choice for photographs. */
    B,
    /** A projection in every block. */
    C,
    /** As B; where the image becomes smaller, pixels are averaged before the projection instead of skipped. */
    D,
    /** No shortcut: a plain network. */
    NONE,
    /** As A, with branch and shortcut multiplied by one half: "constant scaling". */
    SCALED,
    /** As A; the branch is multiplied by a gate and the shortcut by one minus the gate, as in highway networks. */
    EXCLUSIVE_GATE,
    /** As A; the shortcut is multiplied by one minus a gate, and the branch is unchanged. */
    SHORTCUT_GATE,
    /** As A; in training, a random half of the shortcut's elements is dropped. */
    DROPOUT;

    private static final float SCALE = 0.5f;

    /** Returns true if added channels are padded with zeros. The widths must then not decrease. */
    public boolean pads() {
        return switch (this) {
            case A, SCALED, EXCLUSIVE_GATE, SHORTCUT_GATE, DROPOUT -> true;
            case B, C, D, NONE -> false;
        };
    }

    /**
     * Returns the shortcut of one block.
     *
     * @param name the path of the projection
     * @param order the activation order; if the branch ends without normalization, so does the projection
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
     * Returns a function that adds the weights of this option to a block's sum; empty if the sum has no weights. It
     * applies to blocks with the identity shortcut.
     *
     * @param name the path of the block
     * @param number the index of the block among all blocks
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
