package org.resnet4j.resnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.resnet4j.layer.DropoutSum;
import org.resnet4j.layer.GatedSum;
import org.resnet4j.layer.ScaledSum;
import org.resnet4j.layer.SummingLayer;

class ResNetSpecTest {
    private static ResNetSpec spec(List<Integer> depths, List<Integer> widths, ShortcutOption shortcuts, int classes) {
        return ResNetSpec.builder("mine")
                .stem(Stem.SMALL_IMAGE)
                .depths(depths)
                .widths(widths)
                .shortcuts(shortcuts)
                .classes(classes)
                .images(32, 3)
                .build();
    }

    private static void assertRefused(String part, Runnable construction) {
        var thrown = assertThrows(IllegalArgumentException.class, construction::run);
        assertTrue(thrown.getMessage().startsWith("mine: "), thrown.getMessage());
        assertTrue(thrown.getMessage().contains(part), thrown.getMessage());
    }

    @Test
    void whatCannotBeIsRefusedWithItsNumbers() {
        assertRefused("[] and []", () -> spec(List.of(), List.of(), ShortcutOption.A, 10));
        assertRefused("[1, 1] and [16]", () -> spec(List.of(1, 1), List.of(16), ShortcutOption.A, 10));
        assertRefused("[1, 0]", () -> spec(List.of(1, 0), List.of(16, 32), ShortcutOption.A, 10));
        assertRefused("[16, -4]", () -> spec(List.of(1, 1), List.of(16, -4), ShortcutOption.B, 10));
        assertRefused("0 classes", () -> spec(List.of(1), List.of(16), ShortcutOption.A, 0));
        assertRefused(
                "cannot reduce the number of channels",
                () -> spec(List.of(1, 1), List.of(32, 16), ShortcutOption.A, 10));
        assertRefused(
                "0 channels",
                () -> spec(List.of(1), List.of(16), ShortcutOption.A, 10).withImages(32, 0));
        assertRefused(
                "image size 0",
                () -> spec(List.of(1), List.of(16), ShortcutOption.A, 10).withImages(0, 3));
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        ResNetSpec basic = spec(List.of(1), List.of(16), ShortcutOption.B, 10);
        assertRefused(
                "basic blocks cannot have groups",
                () -> basic.toBuilder().groups(2, 64).build());
        assertRefused(
                "basic blocks cannot have groups",
                () -> basic.toBuilder().groups(1, 128).build());
        ResNetSpec bottleneck = basic.toBuilder()
                .block(BlockKind.BOTTLENECK)
                .widths(List.of(64))
                .build();
        assertRefused(
                "must be positive", () -> bottleneck.toBuilder().groups(0, 4).build());
        assertRefused(
                "a group would have no channels",
                () -> bottleneck.toBuilder().widths(List.of(8)).groups(32, 4).build());
        assertRefused("squeeze", () -> basic.toBuilder().squeeze(-1).build());
        assertRefused(
                "unless the activation order is post",
                () -> basic.toBuilder().order(ActivationOrder.PRE).squeeze(16).build());
        assertRefused(
                "cannot be combined with pre-activation",
                () -> basic.toBuilder()
                        .order(ActivationOrder.PRE)
                        .shortcuts(ShortcutOption.D)
                        .build());
        assertRefused(
                "must be even",
                () -> basic.toBuilder().stem(Stem.DEEP).stemWidth(15).build());
        assertRefused(
                "cannot reduce the number of channels",
                () -> basic.toBuilder()
                        .stemWidth(32)
                        .shortcuts(ShortcutOption.A)
                        .build());
        assertRefused(
                "cannot reduce the number of channels",
                () -> basic.toBuilder()
                        .stemWidth(32)
                        .shortcuts(ShortcutOption.SCALED)
                        .build());
        assertRefused(
                "cannot be combined with pre-activation",
                () -> basic.toBuilder()
                        .transition(Transition.POOL, 1)
                        .order(ActivationOrder.PRE)
                        .build());
        assertRefused(
                "no gamma",
                () -> basic.toBuilder()
                        .order(ActivationOrder.WITHOUT_NORM)
                        .zeroInitResidual(true)
                        .build());
        assertRefused(
                "last pooling of 0",
                () -> basic.toBuilder().transition(Transition.STRIDE, 0).build());
        assertRefused(
                "0 unless the activation order is post",
                () -> basic.toBuilder()
                        .squeeze(16)
                        .order(ActivationOrder.RELU_ONLY_PRE)
                        .build());
    }

    @Test
    void groupsDecideTheWidthOfThe3x3() {
        assertEquals(64, ResNets.named("resnet50").innerWidth(0));
        assertEquals(128, ResNets.named("resnext50_32x4d").innerWidth(0));
        assertEquals(2048, ResNets.named("resnext101_32x8d").innerWidth(3));
        assertEquals(1024, ResNets.named("wide_resnet50_2").innerWidth(3));
    }

    @Test
    void onlyZeroPaddingNeedsWidthsThatGrow() {
        assertEquals(
                2,
                spec(List.of(1, 1), List.of(32, 16), ShortcutOption.B, 10)
                        .stages()
                        .widths()
                        .size());
    }

    @Test
    void listsAreCopied() {
        var depths = new ArrayList<>(List.of(1, 1));
        var spec = spec(depths, List.of(4, 8), ShortcutOption.A, 10);
        depths.set(0, 99);
        assertEquals(List.of(1, 1), spec.stages().depths());
    }

    @Test
    void changesChangeOneThing() {
        ResNetSpec spec = ResNets.named("resnet50");
        assertEquals(37, spec.withClasses(37).classes());
        assertEquals(spec, spec.withClasses(37).withClasses(1000));
        assertEquals(1, spec.withImages(64, 1).inChannels());
        assertEquals(64, spec.withImages(64, 1).imageSize());
        assertEquals(spec, spec.withImages(64, 1).withImages(224, 3));
        assertEquals(ShortcutOption.C, spec.withShortcuts(ShortcutOption.C).shortcuts());
        assertEquals(spec, spec.withShortcuts(ShortcutOption.C).withShortcuts(ShortcutOption.B));
        assertEquals(
                StridePlacement.FIRST_1X1,
                spec.withStridePlacement(StridePlacement.FIRST_1X1).block().stridePlacement());
        assertTrue(spec.withZeroInitResidual(true).block().zeroInitResidual());
        assertEquals(spec, spec.withZeroInitResidual(true).withZeroInitResidual(false));
    }

    @Test
    void featuresAreTheWidthTimesTheExpansion() {
        assertEquals(512, ResNets.named("resnet34").features());
        assertEquals(2048, ResNets.named("resnet50").features());
        assertEquals(64, ResNets.named("resnet20").features());
    }

    @Test
    void optionsGiveEachBlockItsShortcut() {
        assertEquals("PIIPII", shortcuts(ShortcutOption.A));
        assertEquals("CIICII", shortcuts(ShortcutOption.B));
        assertEquals("CCCCCC", shortcuts(ShortcutOption.C));
        assertEquals("CIICII", shortcuts(ShortcutOption.D));
        assertEquals("NNNNNN", shortcuts(ShortcutOption.NONE));
        assertEquals("PSSPSS", shortcuts(ShortcutOption.SCALED));
        assertEquals("PGGPGG", shortcuts(ShortcutOption.EXCLUSIVE_GATE));
        assertEquals("PggPgg", shortcuts(ShortcutOption.SHORTCUT_GATE));
        assertEquals("PDDPDD", shortcuts(ShortcutOption.DROPOUT));
    }

    /**
     * Returns one letter for each block of a network whose two stages both change the number of channels; S, G, g and D
     * stand for weighted sums.
     */
    private static String shortcuts(ShortcutOption option) {
        ResNetSpec spec = ResNetSpec.builder("mine")
                .stem(Stem.SMALL_IMAGE)
                .block(BlockKind.BOTTLENECK)
                .depths(List.of(3, 3))
                .widths(List.of(4, 8))
                .shortcuts(option)
                .build();
        var letters = new StringBuilder();
        for (ResidualBlock block : ResNet.create(spec, 0).blocks()) {
            letters.append(
                    switch (block.shortcut()) {
                        case IdentityShortcut() -> sum(block.sum());
                        case PaddingShortcut padding -> 'P';
                        case ProjectionShortcut projection -> 'C';
                        case NoShortcut() -> 'N';
                    });
        }
        return letters.toString();
    }

    private static char sum(SummingLayer sum) {
        return switch (sum) {
            case ScaledSum scaled -> 'S';
            case GatedSum gated -> gated.isExclusive() ? 'G' : 'g';
            case DropoutSum dropout -> 'D';
            default -> 'I';
        };
    }
}
