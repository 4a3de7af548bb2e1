package org.resnet4j.cli.predict;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.resnet4j.cli.shell.CacheFolder;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.Counted;
import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.cli.shell.StoredArguments;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.Datasets;

/**
 * The pictures that a model was trained on, as far as the folder of the model and the dataset still say which these
 * were.
 *
 * @param files their files, or entries of a zip file
 */
record TrainingPictures(Set<Path> files) {
    private static final TrainingPictures UNKNOWN = new TrainingPictures(Set.of());

    /**
     * Finds the pictures among those of a source. Opens the dataset of the training once more, but only if the source is
     * the same folder or zip file, or inside or around it.
     *
     * @param model the model, as the user named it
     * @param source the source of the images to be evaluated
     */
    static TrainingPictures of(String model, String source) throws IOException {
        try {
            var trained = new StoredArguments(new OutputFolder(Path.of(model)).readArguments(), null);
            Optional<String> data = trained.typed("--data");
            return data.isPresent() && isRelated(data.get(), source) ? of(data.get(), trained) : UNKNOWN;
        } catch (CommandFailure | IOException | IllegalArgumentException unknown) {
            return UNKNOWN; // the dataset has changed or is gone
        }
    }

    private static boolean isRelated(String data, String source) throws IOException {
        if (Datasets.names().contains(data) || Datasets.names().contains(source)) {
            return false;
        }
        Path trained = Path.of(data).toRealPath();
        Path evaluated = Path.of(source).toRealPath();
        return trained.startsWith(evaluated) || evaluated.startsWith(trained);
    }

    private static TrainingPictures of(String data, StoredArguments trained) throws IOException {
        DatasetOptions options = DatasetOptions.defaults(CacheFolder.find())
                .withSeed(Long.parseLong(trained.typed("--seed").orElse("0")));
        Optional<String> labels = trained.typed("--labels-csv");
        Optional<String> validation = trained.typed("--validation");
        try (DatasetSplits splits = labels.isPresent()
                ? Datasets.openLabeled(data, Path.of(labels.get()), options)
                : validation.isPresent()
                        ? Datasets.open(data, validation.get(), options)
                        : Datasets.open(data, options)) {
            return new TrainingPictures(files(data, splits.train()));
        }
    }

    private static Set<Path> files(String source, Dataset dataset) throws IOException {
        Path root = Path.of(source).toRealPath();
        var files = new HashSet<Path>();
        for (int i = 0; i < dataset.size(); i++) {
            files.add(root.resolve(dataset.origin(i)));
        }
        return files;
    }

    /** Returns the warning if a dataset contains any of these pictures. */
    Optional<String> warning(String source, Dataset dataset) throws IOException {
        if (files.isEmpty()) {
            return Optional.empty();
        }
        Set<Path> evaluated = files(source, dataset);
        int all = evaluated.size();
        evaluated.retainAll(files);
        int seen = evaluated.size();
        if (seen == 0) {
            return Optional.empty();
        }
        String which = seen == all ? "these images" : "%,d of these %s".formatted(seen, Counted.of(all, "image"));
        return Optional.of("the model was trained on " + which + "; its accuracy on other images may be much lower");
    }
}
