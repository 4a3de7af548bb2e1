package org.resnet4j.resnet.state;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.resnet.Naming;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.Stem;

/**
 * The names of the tensors of a residual network in a file. The names of torchvision and timm are used as they are. A
 * file may put the network below any prefix ({@code module.}, {@code backbone.}), may use other names for the
 * classifier and the projections, and may have the classifier beside the rest instead of within it.
 *
 * <p>If the file is ambiguous, with several networks or several classifiers, their names match nothing.
 */
final class StateNames {
    /** The linear layer in torchvision and timm, in the usual CIFAR networks, in Keras, and in older model zoos. */
    private static final List<String> CLASSIFIERS =
            List.of("fc.", "head.fc.", "linear.", "classifier.", "last_linear.", "head.");

    /** The names that PyTorch gives to the layers of a sequence. */
    private static final Pattern IN_ROW = Pattern.compile("\\d{1,3}\\.");

    private static final String WEIGHT = "weight";
    private static final String BIAS = "bias";
    private static final String PROJECTION = "downsample.";

    /** The projection in the usual CIFAR networks. */
    private static final String OTHER_PROJECTION = "shortcut.";

    private final String classifier;
    private final Set<String> theirs;
    private final List<String> roots;
    private final List<String> heads;

    private StateNames(String classifier, Set<String> theirs, List<String> roots) {
        this.classifier = classifier;
        this.theirs = theirs;
        this.roots = roots;
        this.heads = heads(root(), theirs);
    }

    /**
     * Finds a network among the names of a file.
     *
     * @param theirs the names in the file
     */
    static StateNames of(ResNetSpec spec, Set<String> theirs) {
        String first = spec.firstConvolution() + "." + WEIGHT;
        String second = secondConvolution(spec) + "." + WEIGHT;
        List<String> roots = theirs.stream()
                .filter(name -> isPath(name, first))
                .map(name -> name.substring(0, name.length() - first.length()))
                .filter(root -> theirs.contains(root + second))
                .toList();
        return new StateNames(spec.classifier() + ".", theirs, roots);
    }

    /** Returns true if a name is a path, or ends with a dot and the path. */
    private static boolean isPath(String name, String path) {
        int start = name.length() - path.length();
        return name.endsWith(path) && (start == 0 || name.charAt(start - 1) == '.');
    }

    private static String secondConvolution(ResNetSpec spec) {
        Naming naming = Naming.of(spec.block().order());
        if (spec.stem().kind() == Stem.DEEP) {
            return naming.stem() + ".3";
        }
        return spec.stages().pools() ? naming.transition(0) + ".0" : Naming.convolution(naming.block(0, 0), 1);
    }

    /** Returns the prefixes of the classifiers in the file, below the root or beside it. */
    private static List<String> heads(String root, Set<String> theirs) {
        return places(root)
                .flatMap(place -> CLASSIFIERS.stream().map(name -> place + name))
                .flatMap(head -> linear(head, theirs).stream())
                .toList();
    }

    /**
     * Returns the prefix of a linear layer of this name, or of the only layer with tensors in a sequence of this name:
     * after dropout it is {@code fc.1.}.
     */
    private static Optional<String> linear(String head, Set<String> theirs) {
        if (theirs.contains(head + WEIGHT) || theirs.contains(head + BIAS)) {
            return Optional.of(head);
        }
        List<String> layers = theirs.stream()
                .filter(name -> name.startsWith(head))
                .map(name -> name.substring(0, name.lastIndexOf('.') + 1))
                .distinct()
                .toList();
        return layers.size() == 1
                        && IN_ROW.matcher(layers.getFirst().substring(head.length()))
                                .matches()
                ? Optional.of(layers.getFirst())
                : Optional.empty();
    }

    /**
     * Returns a prefix and its parents, ending with the empty prefix: {@code a.b.}, {@code a.} and the empty string.
     */
    private static Stream<String> places(String root) {
        return Stream.concat(
                Stream.iterate(
                        root,
                        place -> !place.isEmpty(),
                        place -> place.substring(0, place.lastIndexOf('.', place.length() - 2) + 1)),
                Stream.of(""));
    }

    /** Returns the prefixes of all networks of this kind; the empty prefix for a network without one. */
    List<String> roots() {
        return roots;
    }

    private String root() {
        return roots.size() == 1 ? roots.getFirst() : "";
    }

    /** Returns the file's name for a name of the network, or null if the file has none or several. */
    @Nullable
    String inFile(String own) {
        if (roots.size() > 1) {
            return null;
        }
        if (own.startsWith(classifier)) {
            return heads.size() == 1 ? known(heads.getFirst() + own.substring(classifier.length())) : null;
        }
        String same = known(root() + own);
        return same != null || !own.contains(PROJECTION)
                ? same
                : known(root() + own.replace(PROJECTION, OTHER_PROJECTION));
    }

    private @Nullable String known(String name) {
        return theirs.contains(name) ? name : null;
    }

    /** Returns true if a name in the file belongs to a classifier, of this network or another. */
    boolean isClassifier(String name) {
        return places(root())
                .filter(name::startsWith)
                .map(place -> name.substring(place.length()))
                .anyMatch(inner -> CLASSIFIERS.stream().anyMatch(inner::startsWith));
    }

    /** Returns a name without the network's prefix, or without the part of the prefix that the name shares. */
    String withoutRoot(String name) {
        return places(root())
                .filter(name::startsWith)
                .map(place -> name.substring(place.length()))
                .findFirst()
                .orElse(name);
    }
}
