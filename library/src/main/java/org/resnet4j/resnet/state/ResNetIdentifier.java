package org.resnet4j.resnet.state;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.resnet.Naming;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.Shape;
import org.resnet4j.weights.TensorSource;

/**
 * Identifies networks of the {@linkplain ResNets catalog} by the names and shapes of their tensors.
 *
 * @since 0.1.0
 */
public final class ResNetIdentifier {
    private ResNetIdentifier() {}

    /**
     * Returns the networks of the catalog that have exactly the tensors of a source, for as many classes and image
     * channels as the tensors have. The classifier may be missing, or one that the network cannot load. Networks with
     * shortcuts of option A or B are also recognized with projections where the catalog's have none, and networks for
     * photographs with a 3x3 stem: {@link ResNets#variants}.
     *
     * <p>Networks that differ only in what tensors do not show, such as {@code resnet20} and {@code plain20}, are all
     * returned. A network outside the catalog (other strides, anti-aliased pooling) is identified as the network of the
     * catalog with the same tensors.
     *
     * @param source the tensors, with names that {@link ResNetState#match} recognizes
     * @return the networks, in the order of the catalog; empty if there are none
     */
    public static List<ResNetSpec> identify(TensorSource source) {
        List<ResNetSpec> found = matching(catalogue(), source);
        return found.isEmpty() ? matching(ResNets.variants().stream(), source) : found;
    }

    /**
     * Finds the nearest network of the catalog for tensors that match none: the one with the same number of blocks and
     * the fewest mismatches.
     *
     * @return the network's description and the mismatches; empty if no network has the same number of blocks
     */
    public static Optional<String> nearest(TensorSource source) {
        return Stream.concat(catalogue(), ResNets.variants().stream())
                .filter(spec -> mayHave(spec, source))
                .map(spec -> fitting(spec, source))
                .map(spec -> new Candidate(spec, ResNetState.match(ResNet.undrawn(spec), source)))
                .min(Comparator.comparingInt(Candidate::misfits))
                .map(candidate -> ResNets.description(candidate.spec) + ": " + candidate.report.problems());
    }

    private record Candidate(ResNetSpec spec, LoadReport report) {
        int misfits() {
            return report.missing().size()
                    + report.mismatched().size()
                    + report.unused().size();
        }
    }

    /**
     * Returns a network with the numbers of classes and image channels of a source's weights.
     *
     * @param source the tensors, with names that {@link ResNetState#match} recognizes
     */
    public static ResNetSpec fitting(ResNetSpec spec, TensorSource source) {
        var names = StateNames.of(spec, source.shapes());
        ResNetSpec fitting = spec;
        Shape classes = shape(source, names.inFile(spec.classifier() + ".weight"));
        if (classes != null && classes.rank() >= 2 && classes.size() > 0 && classes.extent(1) == spec.features()) {
            fitting = fitting.withClasses(classes.extent(0));
        }
        Shape channels = shape(source, names.inFile(spec.firstConvolution() + ".weight"));
        if (channels != null && channels.rank() == 4 && channels.size() > 0) {
            fitting = fitting.withImages(spec.imageSize(), channels.extent(1));
        }
        return fitting;
    }

    private static @Nullable Shape shape(TensorSource source, @Nullable String name) {
        return name == null ? null : source.shapes().get(name);
    }

    /**
     * Returns the prefixes below which a source contains networks of the catalog's kinds, without the final dot. If
     * there are several, the caller has to choose one. An empty prefix is omitted.
     */
    public static List<String> prefixes(TensorSource source) {
        return roots(source)
                .filter(root -> !root.isEmpty())
                .map(root -> root.substring(0, root.length() - 1))
                .toList();
    }

    /**
     * Returns true if a source contains several networks of the catalog's kinds, each with a different prefix or
     * without one.
     */
    public static boolean hasSeveral(TensorSource source) {
        return roots(source).count() > 1;
    }

    private static Stream<String> roots(TensorSource source) {
        return catalogue()
                .flatMap(spec -> StateNames.of(spec, source.shapes()).roots().stream())
                .distinct();
    }

    private static Stream<ResNetSpec> catalogue() {
        return ResNets.names().stream().map(ResNets::named);
    }

    private static List<ResNetSpec> matching(Stream<ResNetSpec> specs, TensorSource source) {
        return specs.filter(spec -> mayHave(spec, source))
                .map(spec -> fitting(spec, source))
                .filter(spec -> ResNetState.match(ResNet.undrawn(spec), source).isExactBelow(spec.classifier()))
                .toList();
    }

    /**
     * Returns true if a network has the same number of blocks as a file, and only one network is in the file. This
     * avoids building all other candidates.
     */
    private static boolean mayHave(ResNetSpec spec, TensorSource source) {
        var names = StateNames.of(spec, source.shapes());
        Naming naming = Naming.of(spec.block().order());
        for (int stage = 0; stage < spec.stages().count(); stage++) {
            int depth = spec.stages().depths().get(stage);
            if (names.inFile(firstConvolution(naming, stage, depth)) != null) {
                return false;
            }
            if (depth > 0 && names.inFile(firstConvolution(naming, stage, depth - 1)) == null) {
                return false;
            }
        }
        return names.roots().size() == 1;
    }

    private static String firstConvolution(Naming naming, int stage, int block) {
        return Naming.convolution(naming.block(stage, block), 1) + ".weight";
    }
}
