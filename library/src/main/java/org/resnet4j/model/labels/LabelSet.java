package org.resnet4j.model.labels;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.resnet4j.resnet.ResNetSpec;

/** Class names of well-known datasets, in the order of the scores of networks that were trained on them. */
public enum LabelSet {
    /**
     * The 1,000 classes of the ImageNet challenge since 2012: torchvision's names, and the synsets of WordNet 3.0 by
     * which the folders of the dataset are called.
     */
    IMAGENET_1K("imagenet-1k", "ImageNet-1k", 1000),

    /** CIFAR-10. */
    CIFAR_10("cifar10", "CIFAR-10", 10),

    /** The 100 fine classes of CIFAR-100. */
    CIFAR_100("cifar100", "CIFAR-100", 100);

    /** The largest images that are not photographs. */
    private static final int SMALL_IMAGE = 64;

    private static final int COLORS = 3;

    /** The beginning of a folder of the hub's cache that contains the files of a repository. */
    private static final String REPOSITORY = "models--";

    private final String id;
    private final String title;
    private final int count;

    LabelSet(String id, String title, int count) {
        this.id = id;
        this.title = title;
        this.count = count;
    }

    /**
     * The lines of a resource.
     *
     * @param names the names
     * @param synsets the synsets; empty if the dataset has none
     */
    private record Table(List<String> names, List<String> synsets) {
        static Table read(String resource) {
            try (InputStream in = LabelSet.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalStateException("the resource " + resource + " is missing");
                }
                List<String[]> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .map(line -> line.split("\t"))
                        .toList();
                return new Table(
                        lines.stream().map(line -> line[line.length - 1]).toList(),
                        lines.stream()
                                .filter(line -> line.length > 1)
                                .map(line -> line[0])
                                .toList());
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    /** Returns the name by which a user selects it: {@code imagenet-1k}. */
    public String id() {
        return id;
    }

    /** Returns the name of the dataset: {@code ImageNet-1k}. */
    public String title() {
        return title;
    }

    /** The tables are read when one is needed, as most models have names of their own. */
    private static final class Tables {
        static final Map<LabelSet, Table> READ =
                Arrays.stream(values()).collect(Collectors.toMap(set -> set, set -> Table.read(set.id + ".txt")));

        private Tables() {}
    }

    private Table table() {
        return Objects.requireNonNull(Tables.READ.get(this));
    }

    /** Returns the number of classes. */
    public int count() {
        return count;
    }

    /** Returns the names of the classes. */
    public List<String> names() {
        return table().names();
    }

    /** Returns the synset of each class ({@code n01440764}); empty if the dataset has none. */
    public List<String> synsets() {
        return table().synsets();
    }

    /** Returns the set that a user selects by this name. */
    public static Optional<LabelSet> named(String id) {
        return Arrays.stream(values()).filter(set -> set.id.equals(id)).findFirst();
    }

    /** Returns the set whose names these are. */
    public static Optional<LabelSet> of(List<String> names) {
        return Arrays.stream(values())
                .filter(set -> set.count == names.size() && set.names().equals(names))
                .findFirst();
    }

    /**
     * Returns the set that the weights of a file were trained on, as far as the network and the name of the file tell:
     * ImageNet-1k if a network for photographs has 1,000 classes; CIFAR-10 or CIFAR-100 if a network has as many
     * classes, and the file, or its repository on the hub, is called after the dataset.
     *
     * @param spec the network
     * @param file the file of weights or the folder of the model
     */
    public static Optional<LabelSet> ofWeights(ResNetSpec spec, Path file) {
        if (spec.inChannels() != COLORS) {
            return Optional.empty();
        }
        if (spec.imageSize() > SMALL_IMAGE && spec.classes() == IMAGENET_1K.count) {
            return Optional.of(IMAGENET_1K);
        }
        String origin = origin(file);
        return Arrays.stream(values())
                .filter(set -> spec.classes() == set.count)
                .filter(set -> set != IMAGENET_1K && isCalledAfter(origin, set))
                .findFirst();
    }

    private static boolean isCalledAfter(String origin, LabelSet set) {
        String words =
                origin.toLowerCase(Locale.ROOT).replace("cifar-", "cifar").replace("cifar_", "cifar");
        int at = words.indexOf(set.id);
        int end = at + set.id.length();
        return at >= 0 && (end == words.length() || !Character.isDigit(words.charAt(end)));
    }

    private static String origin(Path file) {
        var origin = new StringBuilder(String.valueOf(file.getFileName()));
        for (Path part : file.toAbsolutePath()) {
            if (part.toString().startsWith(REPOSITORY)) {
                origin.append(' ').append(part);
            }
        }
        return origin.toString();
    }
}
