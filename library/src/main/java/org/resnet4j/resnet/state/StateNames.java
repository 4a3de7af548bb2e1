package org.resnet4j.resnet.state;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.resnet.Naming;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.Stem;
import org.resnet4j.tensor.Shape;

/**
 * The names of the tensors of a residual network in a file, by one of the {@linkplain NameScheme schemes}. A file may
 * put the network below any prefix ({@code module.}, {@code backbone.}), may use other names for the classifier, and may
 * have the classifier beside the rest instead of within it. A classifier without a usual name is recognized as the only
 * linear layer that reads the features.
 *
 * <p>If the file is ambiguous, with several networks or several classifiers, their names match nothing.
 */
final class StateNames {
    /** The linear layer in torchvision and timm, in the usual CIFAR networks, in Keras, and in older model zoos. */
    private static final List<String> CLASSIFIERS =
            List.of("fc.", "head.fc.", "linear.", "classifier.", "last_linear.", "head.");

    /** The names that PyTorch gives to the layers of a sequence. */
    private static final Pattern IN_ROW = Pattern.compile("\\d{1,3}\\.");

    /** Children of networks, whatever the scheme. A module of such a name is not a head. */
    private static final Pattern PARTS = Pattern.compile(
            "\\d+|(conv|bn|norm|layer|transition|stem|stages?|embedder|encoder|downsample|attnpool)\\d*");

    private static final String WEIGHT = "weight";
    private static final String BIAS = "bias";

    private final ResNetSpec spec;
    private final String classifier;
    private final NameScheme scheme;
    private final Map<String, Shape> theirs;
    private final List<String> roots;
    private final Heads others;
    private final List<String> heads;

    private StateNames(ResNetSpec spec, Map<String, Shape> theirs, NameScheme scheme, List<String> roots) {
        this.spec = spec;
        this.classifier = spec.classifier() + ".";
        this.theirs = theirs;
        this.scheme = scheme;
        this.roots = roots;
        this.others = roots.size() == 1
                ? new Heads(theirs, this::module, spec.features())
                : new Heads(Map.of(), this::module, spec.features());
        List<String> usual = heads(root(), theirs.keySet());
        this.heads = usual.isEmpty() ? unusual() : usual;
    }

    /**
     * Finds a network among the tensors of a file.
     *
     * @param theirs the shapes in the file, by name
     */
    static StateNames of(ResNetSpec spec, Map<String, Shape> theirs) {
        for (NameScheme scheme : NameScheme.values()) {
            List<String> roots = roots(spec, theirs.keySet(), scheme);
            if (!roots.isEmpty()) {
                return new StateNames(spec, theirs, scheme, roots);
            }
        }
        return new StateNames(spec, theirs, NameScheme.OWN, List.of());
    }

    private static List<String> roots(ResNetSpec spec, Set<String> theirs, NameScheme scheme) {
        String first = scheme.theirs(spec.firstConvolution() + "." + WEIGHT);
        String second = scheme.theirs(secondConvolution(spec) + "." + WEIGHT);
        return theirs.stream()
                .filter(name -> isPath(name, first))
                .map(name -> name.substring(0, name.length() - first.length()))
                .filter(root -> theirs.contains(root + second))
                .toList();
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

    /** Returns the prefix of the only linear layer that reads the features, if the file has no other. */
    private List<String> unusual() {
        return others.classifiers().stream()
                .flatMap(head -> linear(head, theirs.keySet()).stream())
                .filter(head -> {
                    Shape weight = theirs.get(head + WEIGHT);
                    return weight != null && weight.rank() == 2 && weight.extent(1) == spec.features();
                })
                .toList();
    }

    /** Returns the module beside the network's parts that a tensor belongs to; empty for a part of the network. */
    private String module(String name) {
        String place = places(root()).filter(name::startsWith).findFirst().orElse("");
        String inner = name.substring(place.length());
        String first = inner.split("\\.", 2)[0];
        boolean within = place.equals(root());
        boolean onTheWay = root().startsWith(place + first + ".");
        return onTheWay || (within && isPart(first)) || HarmlessNames.isCounter(name) ? "" : place + first;
    }

    /** Returns true if a name is that of a part of networks of this kind, of this network or of a larger one. */
    private boolean isPart(String first) {
        return (PARTS.matcher(first).matches() && !scheme.isBehind(first))
                || scheme.theirs(spec.firstConvolution() + "." + WEIGHT).startsWith(first + ".");
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
        return scheme.names(own)
                .map(name -> root() + name)
                .filter(theirs::containsKey)
                .findFirst()
                .orElse(null);
    }

    /** Returns true if the file has a classifier without a bias. */
    boolean lacksBias() {
        return heads.size() == 1
                && theirs.containsKey(heads.getFirst() + WEIGHT)
                && !theirs.containsKey(heads.getFirst() + BIAS);
    }

    /** Returns true if a tensor belongs to a module that reads the features, or the output of such a module. */
    boolean isHead(String name) {
        return others.contains(name);
    }

    /** Returns true if a name of a classifier, as found in a file, is a usual one. */
    static boolean isUsualClassifier(String name) {
        return CLASSIFIERS.stream().anyMatch(usual -> ("." + name).contains("." + usual));
    }

    private @Nullable String known(String name) {
        return theirs.containsKey(name) ? name : null;
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
