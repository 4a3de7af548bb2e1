package org.resnet4j.resnet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.resnet4j.support.NearestNames;
import org.resnet4j.support.Printable;

/**
 * The catalog: networks by their names in torchvision, timm and the papers.
 *
 * <p>For photographs of 224 pixels and 1000 classes, with the stride on the 3x3 convolution: {@code resnet18} to
 * {@code resnet152} (projections where the shape changes), {@code resnext…} (groups), {@code wide_resnet…},
 * {@code resnet…d} (deep stem, averaging shortcuts), {@code seresnet…} (squeeze-and-excitation) and {@code resnetv2_…}
 * (pre-activation).
 *
 * <p>For images of 32 pixels and 10 classes: {@code resnet20} to {@code resnet1202}, the 6n+2 networks with widths 16,
 * 32 and 64 and shortcuts without parameters; {@code preresnet110}, {@code preresnet164} and {@code preresnet1001} of
 * the second paper; {@code wrn_28_10} and {@code wrn_40_4}; {@code resnet8}, the size of the MLPerf Tiny network; and
 * {@code resnet9}, wide and shallow, for short training.
 *
 * <p>{@code plain…} is each of the first paper's networks without shortcuts.
 *
 * @since 0.1.0
 */
public final class ResNets {
    /** The widths of the four stages for photographs. */
    private static final List<Integer> PHOTOGRAPH_WIDTHS = List.of(64, 128, 256, 512);

    private static final List<Integer> SMALL_WIDTHS = List.of(16, 32, 64);

    /** The end of the name of a network for photographs with the stem for small images. */
    private static final String CIFAR = "-cifar";

    private static final int CIFAR_SIZE = 32;

    private static final Map<String, ResNetSpec> CATALOGUE = catalogue();

    private ResNets() {}

    private static Map<String, ResNetSpec> catalogue() {
        var specs = new LinkedHashMap<String, ResNetSpec>();
        List<ResNetSpec> firstPaper = List.of(
                basic("resnet18", 2, 2, 2, 2).build(),
                basic("resnet34", 3, 4, 6, 3).build(),
                bottleneck("resnet50", 3, 4, 6, 3).build(),
                bottleneck("resnet101", 3, 4, 23, 3).build(),
                bottleneck("resnet152", 3, 8, 36, 3).build(),
                smallImages("resnet20", 3).build(),
                smallImages("resnet32", 5).build(),
                smallImages("resnet44", 7).build(),
                smallImages("resnet56", 9).build(),
                smallImages("resnet110", 18).build(),
                smallImages("resnet1202", 200).build());
        List<ResNetSpec> later = List.of(
                bottleneck("resnext50_32x4d", 3, 4, 6, 3).groups(32, 4).build(),
                bottleneck("resnext101_32x4d", 3, 4, 23, 3).groups(32, 4).build(),
                bottleneck("resnext101_32x8d", 3, 4, 23, 3).groups(32, 8).build(),
                bottleneck("resnext101_64x4d", 3, 4, 23, 3).groups(64, 4).build(),
                bottleneck("wide_resnet50_2", 3, 4, 6, 3).groups(1, 128).build(),
                bottleneck("wide_resnet101_2", 3, 4, 23, 3).groups(1, 128).build(),
                versionD(basic("resnet18d", 2, 2, 2, 2)),
                versionD(basic("resnet34d", 3, 4, 6, 3)),
                bottleneck("resnet50c", 3, 4, 6, 3).stem(Stem.DEEP).build(),
                versionD(bottleneck("resnet50d", 3, 4, 6, 3)),
                versionD(bottleneck("resnet101d", 3, 4, 23, 3)),
                versionD(bottleneck("resnet152d", 3, 8, 36, 3)),
                basic("seresnet18", 2, 2, 2, 2).squeeze(16).build(),
                basic("seresnet34", 3, 4, 6, 3).squeeze(16).build(),
                bottleneck("seresnet50", 3, 4, 6, 3).squeeze(16).build(),
                bottleneck("seresnet101", 3, 4, 23, 3).squeeze(16).build(),
                bottleneck("seresnet152", 3, 8, 36, 3).squeeze(16).build(),
                bottleneck("seresnext50_32x4d", 3, 4, 6, 3)
                        .groups(32, 4)
                        .squeeze(16)
                        .build(),
                bottleneck("resnetv2_50", 3, 4, 6, 3).order(ActivationOrder.PRE).build(),
                bottleneck("resnetv2_101", 3, 4, 23, 3)
                        .order(ActivationOrder.PRE)
                        .build(),
                bottleneck("resnetv2_152", 3, 8, 36, 3)
                        .order(ActivationOrder.PRE)
                        .build(),
                smallImages("resnet8", 1).shortcuts(ShortcutOption.B).build(),
                smallImages("resnet9", 1)
                        .order(ActivationOrder.RELU_BEFORE_ADDITION)
                        .transition(Transition.POOL, 4)
                        .depths(List.of(1, 0, 1))
                        .widths(List.of(128, 256, 512))
                        .stemWidth(64)
                        .build(),
                preActivation("preresnet110", BlockKind.BASIC, 18, SMALL_WIDTHS)
                        .shortcuts(ShortcutOption.A)
                        .build(),
                preActivation("preresnet164", BlockKind.BOTTLENECK, 18, SMALL_WIDTHS)
                        .build(),
                preActivation("preresnet1001", BlockKind.BOTTLENECK, 111, SMALL_WIDTHS)
                        .build(),
                preActivation("wrn_28_10", BlockKind.BASIC, 4, List.of(160, 320, 640))
                        .build(),
                preActivation("wrn_40_4", BlockKind.BASIC, 6, List.of(64, 128, 256))
                        .build());
        firstPaper.forEach(spec -> specs.put(spec.name(), spec));
        later.forEach(spec -> specs.put(spec.name(), spec));
        for (ResNetSpec spec : firstPaper) {
            String name = spec.name().replace("resnet", "plain");
            specs.put(
                    name,
                    spec.toBuilder().name(name).shortcuts(ShortcutOption.NONE).build());
        }
        return specs;
    }

    private static ResNetSpec.Builder basic(String name, Integer... depths) {
        return photographs(name, BlockKind.BASIC, depths);
    }

    private static ResNetSpec.Builder bottleneck(String name, Integer... depths) {
        return photographs(name, BlockKind.BOTTLENECK, depths);
    }

    private static ResNetSpec.Builder photographs(String name, BlockKind block, Integer... depths) {
        return ResNetSpec.builder(name).block(block).depths(List.of(depths)).widths(PHOTOGRAPH_WIDTHS);
    }

    private static ResNetSpec versionD(ResNetSpec.Builder original) {
        return original.stem(Stem.DEEP).shortcuts(ShortcutOption.D).build();
    }

    private static ResNetSpec.Builder smallImages(String name, int blocks) {
        return ResNetSpec.builder(name)
                .stem(Stem.SMALL_IMAGE)
                .depths(List.of(blocks, blocks, blocks))
                .widths(SMALL_WIDTHS)
                .shortcuts(ShortcutOption.A)
                .classes(10)
                .images(32, 3);
    }

    private static ResNetSpec.Builder preActivation(String name, BlockKind block, int blocks, List<Integer> widths) {
        return smallImages(name, blocks)
                .block(block)
                .order(ActivationOrder.PRE)
                .widths(widths)
                .stemWidth(SMALL_WIDTHS.getFirst())
                .shortcuts(ShortcutOption.B);
    }

    /** Returns all names, in the order of the catalog. */
    public static List<String> names() {
        return List.copyOf(CATALOGUE.keySet());
    }

    /**
     * Returns networks that others train and that have no name of their own: those of the catalog with projections where
     * it has shortcuts without parameters, and those for photographs with a 3x3 stem, as they are used for CIFAR. The
     * name of the latter ends in {@value #CIFAR}.
     */
    public static List<ResNetSpec> variants() {
        Stream<ResNetSpec> projecting = CATALOGUE.values().stream().flatMap(ResNets::withProjections);
        Stream<ResNetSpec> small = CATALOGUE.values().stream()
                .filter(spec -> spec.stem().kind() == Stem.IMAGENET)
                .map(ResNets::forCifar);
        return Stream.concat(projecting, small).toList();
    }

    private static Stream<ResNetSpec> withProjections(ResNetSpec spec) {
        return switch (spec.shortcuts()) {
            case A -> Stream.of(spec.withShortcuts(ShortcutOption.B), spec.withShortcuts(ShortcutOption.C));
            case B -> Stream.of(spec.withShortcuts(ShortcutOption.C));
            default -> Stream.of();
        };
    }

    private static ResNetSpec forCifar(ResNetSpec spec) {
        return spec.toBuilder()
                .name(spec.name() + CIFAR)
                .stem(Stem.SMALL_IMAGE)
                .images(CIFAR_SIZE, spec.inChannels())
                .build();
    }

    /** Returns the network with the given name, or an empty optional. */
    public static Optional<ResNetSpec> find(String name) {
        return Optional.ofNullable(CATALOGUE.get(name));
    }

    /**
     * Returns the network with the given name.
     *
     * @throws IllegalArgumentException if there is none; the message has the names that resemble it
     */
    public static ResNetSpec named(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException(unknown(name)));
    }

    private static String unknown(String name) {
        List<String> near = NearestNames.of(name, CATALOGUE.keySet());
        return "no network is named \"" + Printable.text(name) + "\""
                + (near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?")
                + (near.isEmpty() ? "; " : " ") + "ResNets.names() and docs/networks.md list all " + CATALOGUE.size();
    }

    /** Returns the name of a network, followed by its shortcuts if they differ from the catalog's for that name. */
    public static String description(ResNetSpec spec) {
        boolean usual = find(spec.name())
                .filter(known -> known.shortcuts() != spec.shortcuts())
                .isEmpty();
        return usual ? spec.name() : spec.name() + " with shortcuts of option " + spec.shortcuts();
    }
}
