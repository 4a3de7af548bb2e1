package org.resnet4j.resnet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The catalogue: the networks of the papers by name.
 *
 * <p>{@code resnet18} to {@code resnet152} are for photographs of 224 pixels and 1000 classes, with projections where the
 * shape changes and the stride on the 3x3, as in torchvision. {@code resnet20} to {@code resnet1202} are the 6n+2 networks
 * for images of 32 pixels and 10 classes, with widths 16, 32 and 64 and shortcuts without parameters. {@code plain…} is
 * each of them without shortcuts.
 */
public final class ResNets {
    private static final Map<String, ResNetSpec> CATALOGUE = catalogue();

    private ResNets() {}

    private static Map<String, ResNetSpec> catalogue() {
        var specs = new LinkedHashMap<String, ResNetSpec>();
        for (ResNetSpec spec : List.of(
                photographs("resnet18", BlockKind.BASIC, 2, 2, 2, 2),
                photographs("resnet34", BlockKind.BASIC, 3, 4, 6, 3),
                photographs("resnet50", BlockKind.BOTTLENECK, 3, 4, 6, 3),
                photographs("resnet101", BlockKind.BOTTLENECK, 3, 4, 23, 3),
                photographs("resnet152", BlockKind.BOTTLENECK, 3, 8, 36, 3),
                smallImages("resnet20", 3),
                smallImages("resnet32", 5),
                smallImages("resnet44", 7),
                smallImages("resnet56", 9),
                smallImages("resnet110", 18),
                smallImages("resnet1202", 200))) {
            specs.put(spec.name(), spec);
        }
        for (ResNetSpec spec : List.copyOf(specs.values())) {
            String name = spec.name().replace("resnet", "plain");
            specs.put(
                    name,
                    new ResNetSpec(
                            name,
                            spec.stem(),
                            spec.block(),
                            spec.depths(),
                            spec.widths(),
                            spec.stridePlacement(),
                            ShortcutOption.NONE,
                            false,
                            spec.inChannels(),
                            spec.classes(),
                            spec.imageSize()));
        }
        return specs;
    }

    private static ResNetSpec photographs(String name, BlockKind block, Integer... depths) {
        return new ResNetSpec(
                name,
                Stem.IMAGENET,
                block,
                List.of(depths),
                List.of(64, 128, 256, 512),
                StridePlacement.ON_3X3,
                ShortcutOption.B,
                false,
                3,
                1000,
                224);
    }

    private static ResNetSpec smallImages(String name, int blocks) {
        return new ResNetSpec(
                name,
                Stem.SMALL_IMAGE,
                BlockKind.BASIC,
                List.of(blocks, blocks, blocks),
                List.of(16, 32, 64),
                StridePlacement.ON_3X3,
                ShortcutOption.A,
                false,
                3,
                10,
                32);
    }

    /** All names, in the order of the catalogue. */
    public static List<String> names() {
        return List.copyOf(CATALOGUE.keySet());
    }

    /** The network of this name, or nothing. */
    public static Optional<ResNetSpec> find(String name) {
        return Optional.ofNullable(CATALOGUE.get(name));
    }

    /**
     * The network of this name.
     *
     * @throws IllegalArgumentException if there is none; the message lists the names
     */
    public static ResNetSpec named(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "no network is named \"" + name + "\"; there are " + String.join(", ", names())));
    }
}
