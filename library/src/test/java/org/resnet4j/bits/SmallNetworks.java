package org.resnet4j.bits;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.BlockKind;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.resnet.Stem;
import org.resnet4j.resnet.StridePlacement;

/** Networks with every option of a description, small enough to compute all of them in seconds. */
public final class SmallNetworks {
    private static final int CLASSES = 5;

    private SmallNetworks() {}

    public static List<ResNetSpec> all() {
        var specs = new ArrayList<ResNetSpec>();
        for (BlockKind block : BlockKind.values()) {
            for (ActivationOrder order : ActivationOrder.values()) {
                for (ShortcutOption shortcuts : ShortcutOption.values()) {
                    if (shortcuts != ShortcutOption.D || order == ActivationOrder.POST) {
                        specs.add(small(block, order, shortcuts));
                    }
                }
            }
        }
        specs.addAll(catalogue());
        specs.addAll(shapes());
        return specs;
    }

    /** Networks of each kind of sum, for steps that leave out branches. */
    static List<ResNetSpec> leftToChance() {
        return List.of(
                small(BlockKind.BASIC, ActivationOrder.POST, ShortcutOption.B),
                small(BlockKind.BASIC, ActivationOrder.POST, ShortcutOption.DROPOUT),
                small(BlockKind.BASIC, ActivationOrder.POST, ShortcutOption.EXCLUSIVE_GATE),
                small(BlockKind.BOTTLENECK, ActivationOrder.PRE, ShortcutOption.B),
                shrunk("seresnet50", 10, List.of(1, 2), 16, 16));
    }

    private static ResNetSpec small(BlockKind block, ActivationOrder order, ShortcutOption shortcuts) {
        return ResNetSpec.builder(block + "-" + order + "-" + shortcuts)
                .stem(Stem.SMALL_IMAGE)
                .block(block)
                .order(order)
                .shortcuts(shortcuts)
                .depths(List.of(2, 1))
                .widths(block == BlockKind.BASIC ? List.of(16, 32) : List.of(4, 16))
                .classes(CLASSES)
                .images(9, 3)
                .build();
    }

    /** Networks of the catalogue with fewer blocks and channels, on smaller images. */
    private static List<ResNetSpec> catalogue() {
        return List.of(
                shrunk("resnet18", 35, List.of(1, 1), 16, 32),
                shrunk("resnet50", 32, List.of(2, 1), 16, 16),
                shrunk("resnext50_32x4d", 16, List.of(1, 1), 64, 64),
                shrunk("wide_resnet50_2", 16, List.of(1, 1), 16, 16),
                shrunk("resnet18d", 32, List.of(1, 1), 16, 32),
                shrunk("resnet50d", 30, List.of(1, 1), 16, 16),
                shrunk("resnet50c", 32, List.of(1, 1), 16, 16),
                shrunk("seresnet18", 32, List.of(1, 1), 16, 32),
                shrunk("seresnet50", 32, List.of(1, 1), 16, 16),
                shrunk("seresnext50_32x4d", 16, List.of(1), 64),
                shrunk("resnetv2_50", 32, List.of(1, 1), 16, 16),
                shrunk("plain34", 32, List.of(2, 1), 16, 32),
                shrunk("resnet8", 20, List.of(1, 1, 1), 16, 32, 64),
                shrunk("resnet9", 32, List.of(1, 0, 1), 16, 32, 32),
                shrunk("preresnet164", 12, List.of(1, 2), 16, 16),
                shrunk("wrn_28_10", 8, List.of(1, 1), 32, 64));
    }

    /** Channels that fill no vector, or that take each algorithm of convolution; images whose sums are cut into chunks. */
    private static List<ResNetSpec> shapes() {
        ResNetSpec basic = small(BlockKind.BASIC, ActivationOrder.POST, ShortcutOption.B);
        ResNetSpec bottleneck = small(BlockKind.BOTTLENECK, ActivationOrder.POST, ShortcutOption.B);
        return Stream.of(
                        named("odd-channels", basic, 7, List.of(1, 1), 19, 37),
                        named("odd-bottleneck", bottleneck, 7, List.of(1, 1), 5, 11),
                        named("64-to-128", basic, 12, List.of(1, 1), 64, 128),
                        named("256", basic, 4, List.of(1), 256),
                        named("512", basic, 2, List.of(1), 512),
                        named("large-images", bottleneck, 48, List.of(2), 16),
                        named("large-images-odd-channels", basic, 28, List.of(1, 1), 20, 36),
                        named("large-photographs", ResNets.named("resnet18"), 96, List.of(1), 16),
                        named("gray", basic, 12, List.of(1), 16).images(12, 1),
                        named("five-channels", basic, 12, List.of(1), 16).images(12, 5),
                        named("zero-init", basic, 9, List.of(2, 1), 16, 32).zeroInitResidual(true),
                        named("stride-on-1x1", bottleneck, 9, List.of(1, 1), 8, 16)
                                .stridePlacement(StridePlacement.FIRST_1X1),
                        named("many-classes", basic, 8, List.of(1), 16).classes(101),
                        named("deep", basic, 8, List.of(5, 5, 5), 16, 16, 32))
                .map(ResNetSpec.Builder::build)
                .toList();
    }

    private static ResNetSpec shrunk(String name, int imageSize, List<Integer> depths, Integer... widths) {
        return named(name, ResNets.named(name), imageSize, depths, widths).build();
    }

    private static ResNetSpec.Builder named(
            String name, ResNetSpec spec, int imageSize, List<Integer> depths, Integer... widths) {
        return spec.toBuilder()
                .name(name)
                .depths(depths)
                .widths(List.of(widths))
                .stemWidth(Math.min(16, widths[0]))
                .classes(CLASSES)
                .images(imageSize, 3);
    }
}
