package org.resnet4j.resnet;

import java.util.List;

/**
 * A residual network as data: everything that decides its layers, nothing that they learn. This is what a saved model's
 * description stores.
 *
 * @param name for people and files: {@code resnet50}
 * @param stem how it begins
 * @param block the branch of its blocks
 * @param depths how many blocks each stage has; each stage after the first halves the image
 * @param widths channels of the 3x3 convolutions of each stage; the stem has the first one's
 * @param stridePlacement which convolution of a bottleneck halves the image; basic blocks ignore it
 * @param shortcuts which shortcut each block gets
 * @param zeroInitResidual whether the last gamma of each branch begins at zero, so that every block begins as its shortcut
 * @param inChannels channels of the images: 1 or 3
 * @param classes how many classes
 * @param imageSize rows and columns of the images that it is made for; others work too
 */
public record ResNetSpec(
        String name,
        Stem stem,
        BlockKind block,
        List<Integer> depths,
        List<Integer> widths,
        StridePlacement stridePlacement,
        ShortcutOption shortcuts,
        boolean zeroInitResidual,
        int inChannels,
        int classes,
        int imageSize) {
    /** Checks every number and copies the lists. */
    public ResNetSpec {
        depths = List.copyOf(depths);
        widths = List.copyOf(widths);
        if (depths.isEmpty() || depths.size() != widths.size()) {
            throw new IllegalArgumentException(
                    name + ": as many depths as widths, at least one; got " + depths + " and " + widths);
        }
        if (depths.stream().anyMatch(n -> n < 1) || widths.stream().anyMatch(n -> n < 1)) {
            throw new IllegalArgumentException(
                    name + ": depths " + depths + " and widths " + widths + " must be positive");
        }
        if (inChannels < 1 || classes < 1 || imageSize < 1) {
            throw new IllegalArgumentException(name + ": " + inChannels + " channels, " + classes
                    + " classes and image size " + imageSize + " must be positive");
        }
        for (int stage = 1; stage < widths.size(); stage++) {
            if (shortcuts == ShortcutOption.A && widths.get(stage) < widths.get(stage - 1)) {
                throw new IllegalArgumentException(
                        name + ": zero-padding shortcuts cannot drop channels, widths are " + widths);
            }
        }
    }

    /** The layers that the name counts: convolutions outside shortcuts, and the linear layer. */
    public int depth() {
        int blocks = depths.stream().mapToInt(Integer::intValue).sum();
        return blocks * (block == BlockKind.BASIC ? 2 : 3) + 2;
    }

    /** Channels before the linear layer. */
    public int features() {
        return widths.getLast() * block.expansion();
    }

    /** The same network for another number of classes. */
    public ResNetSpec withClasses(int changed) {
        return new ResNetSpec(
                name,
                stem,
                block,
                depths,
                widths,
                stridePlacement,
                shortcuts,
                zeroInitResidual,
                inChannels,
                changed,
                imageSize);
    }

    /** The same network for images of another size and number of channels. */
    public ResNetSpec withImages(int changedSize, int changedChannels) {
        return new ResNetSpec(
                name,
                stem,
                block,
                depths,
                widths,
                stridePlacement,
                shortcuts,
                zeroInitResidual,
                changedChannels,
                classes,
                changedSize);
    }

    /** The same network with other shortcuts. */
    public ResNetSpec withShortcuts(ShortcutOption changed) {
        return new ResNetSpec(
                name,
                stem,
                block,
                depths,
                widths,
                stridePlacement,
                changed,
                zeroInitResidual,
                inChannels,
                classes,
                imageSize);
    }

    /** The same network with the stride elsewhere. */
    public ResNetSpec withStridePlacement(StridePlacement changed) {
        return new ResNetSpec(
                name,
                stem,
                block,
                depths,
                widths,
                changed,
                shortcuts,
                zeroInitResidual,
                inChannels,
                classes,
                imageSize);
    }

    /** The same network with the last gamma of each branch beginning at zero, or at one. */
    public ResNetSpec withZeroInitResidual(boolean changed) {
        return new ResNetSpec(
                name, stem, block, depths, widths, stridePlacement, shortcuts, changed, inChannels, classes, imageSize);
    }
}
