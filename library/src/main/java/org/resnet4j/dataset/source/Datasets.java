package org.resnet4j.dataset.source;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.DatasetProfile;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.dataset.folder.ClassFolders;
import org.resnet4j.dataset.folder.ClassNames;
import org.resnet4j.dataset.folder.LabeledFiles;
import org.resnet4j.dataset.folder.NameEncoding;
import org.resnet4j.dataset.folder.PassedOver;

/**
 * The entry point for opening sources of labeled images.
 *
 * <p>A source is one of
 *
 * <ul>
 *   <li>a folder or a zip file with one folder of pictures for each class, optionally inside {@code train/} and
 *       {@code val/};
 *   <li>a folder with the binary batches of CIFAR-10 or CIFAR-100;
 *   <li>a folder with IDX files, such as MNIST's;
 *   <li>{@code fashion-mnist}, {@code cifar10} or {@code cifar100}: taken from the cache folder or the system's dataset
 *       folder, otherwise downloaded;
 *   <li>{@code synthetic}: generated images.
 * </ul>
 *
 * <p>A known name takes precedence over a file of that name; write {@code ./cifar10} for a folder.
 *
 * @since 0.1.0
 */
public final class Datasets {
    /** The name of the source of generated images. */
    public static final String SYNTHETIC = SyntheticDataset.NAME;

    private static final String VALIDATION_PART = "validation part";

    /** The minimum number of classes for training. */
    private static final int TO_TRAIN = 2;

    private Datasets() {}

    /** Returns the names of the known sources. */
    public static List<String> names() {
        var names = new ArrayList<>(KnownDataset.names());
        names.add(SYNTHETIC);
        return List.copyOf(names);
    }

    /**
     * Opens a source for training. If it has no validation set, a fraction of each class is held out.
     *
     * @throws InvalidDatasetException if it does not exist, has no class folders or fewer than two classes, an empty
     *     class, damaged files or different classes for training and validation
     * @throws IOException if files cannot be read or downloaded
     */
    public static DatasetSplits open(String source, DatasetOptions options) throws IOException {
        return split(source, openSource(source, options, TO_TRAIN), options);
    }

    private static DatasetSplits split(String source, OpenedSource opened, DatasetOptions options) throws IOException {
        Dataset validation = opened.validation();
        Dataset train = opened.train();
        if (validation != null) {
            return opened.found()
                    .in(new DatasetSplits(source, train, validation, false, opened.profile(), List.of(opened.files())));
        }
        try {
            return opened.found().in(holdOut(source, train, opened.profile(), options, List.of(opened.files())));
        } catch (InvalidDatasetException tooFew) {
            opened.files().close();
            throw tooFew;
        }
    }

    /**
     * Opens pictures whose classes are in a table, for training. If it has no validation part, a fraction of each class
     * is held out.
     *
     * @param source a folder or zip file of pictures
     * @param labels a CSV file with a row for each picture: its path below the source, its class, and optionally its
     *     part in a column {@code split}
     * @throws InvalidDatasetException as {@link #open(String, DatasetOptions)}, and if the table does not say which
     *     picture is of which class
     * @throws IOException if files cannot be read
     */
    public static DatasetSplits openLabeled(String source, Path labels, DatasetOptions options) throws IOException {
        return split(source, openTable(source, labels, TO_TRAIN), options);
    }

    /**
     * Opens pictures whose classes are in a table, for evaluation: its validation part if it has one, otherwise all.
     *
     * @throws IOException as {@link #openLabeled}
     */
    public static Dataset openLabeledForEvaluation(String source, Path labels) throws IOException {
        return openForEvaluation(openTable(source, labels, 1));
    }

    /**
     * Splits a dataset as {@link #open(String, DatasetOptions)} splits a source without a validation set: a fraction of
     * each class is held out.
     *
     * @param source the name of the dataset, for messages
     * @param profile the usual treatment of its images
     * @throws InvalidDatasetException if no class has a second image
     */
    public static DatasetSplits holdOut(String source, Dataset dataset, DatasetProfile profile, DatasetOptions options)
            throws InvalidDatasetException {
        return holdOut(source, dataset, profile, options, List.of());
    }

    private static DatasetSplits holdOut(
            String source, Dataset dataset, DatasetProfile profile, DatasetOptions options, List<Closeable> files)
            throws InvalidDatasetException {
        StratifiedSplit split = StratifiedSplit.of(dataset, options.validationFraction(), options.seed());
        if (split.heldOut().length == 0) {
            throw new InvalidDatasetException(
                    source, "no class has a second image, so none can be held out for validation");
        }
        return new DatasetSplits(
                source,
                new Subset(dataset, split.train(), dataset.passedOver()),
                new Subset(dataset, split.heldOut(), SkippedSamples.NONE),
                true,
                profile,
                files);
    }

    /**
     * Opens two sources: one for training, one for validation. A validation set of the first source is ignored. If the
     * second source has a validation set, its training set is ignored.
     *
     * @throws InvalidDatasetException as {@link #open(String, DatasetOptions)}, and if the classes differ
     * @throws IOException if files cannot be read or downloaded
     */
    public static DatasetSplits open(String source, String validationSource, DatasetOptions options)
            throws IOException {
        OpenedSource train = openSource(source, options, TO_TRAIN);
        Dataset validation;
        try {
            validation = openForEvaluation(validationSource, options);
        } catch (IOException | RuntimeException failure) {
            train.files().close();
            throw failure;
        }
        List<String> classes = train.train().classes();
        if (!classes.equals(validation.classes())) {
            train.files().close();
            validation.close();
            var own = new HashSet<>(classes);
            var others = new HashSet<>(validation.classes());
            throw new InvalidDatasetException(
                    validationSource,
                    own.equals(others)
                            ? "its classes are not in the same order as those of " + source
                            : ClassNames.difference(source, own, validationSource, others));
        }
        return train.found()
                .in(new DatasetSplits(
                        source,
                        train.train(),
                        validation,
                        false,
                        train.profile(),
                        List.of(train.files(), validation::close)));
    }

    /**
     * Opens a source for evaluation: its validation set if it has one, otherwise all of its images. Closing the dataset
     * closes its files. A single class is sufficient.
     *
     * @throws InvalidDatasetException as {@link #open(String, DatasetOptions)}
     * @throws IOException if files cannot be read or downloaded
     */
    public static Dataset openForEvaluation(String source, DatasetOptions options) throws IOException {
        return openForEvaluation(openSource(source, options, 1));
    }

    private static Dataset openForEvaluation(OpenedSource opened) {
        Dataset validation = opened.validation();
        if (validation == null) {
            return new OwningDataset(opened.train(), opened.train().part(), opened.files());
        }
        return new OwningDataset(validation, validation.part().or(() -> Optional.of(VALIDATION_PART)), opened.files());
    }

    private static OpenedSource openSource(String source, DatasetOptions options, int leastClasses) throws IOException {
        if (source.equals(SYNTHETIC)) {
            return SyntheticDataset.open(options.synthetic(), options.seed());
        }
        KnownDataset known = KnownDataset.named(source);
        if (known != null) {
            return openFolder(source, known.locateOrDownload(options), leastClasses);
        }
        Path path = path(source);
        if (Files.isDirectory(path)) {
            return openFolder(source, path, leastClasses);
        }
        return openPictures(zip(source, path), Finder.folders(leastClasses));
    }

    private static OpenedSource openTable(String source, Path labels, int leastClasses) throws IOException {
        Path path = path(source);
        PictureFiles files = Files.isDirectory(path) ? FolderFiles.open(path) : zip(source, path);
        return openPictures(files, found -> LabeledFiles.find(labels, found.pictures(), leastClasses));
    }

    private static Path path(String source) throws InvalidDatasetException {
        try {
            return Path.of(source);
        } catch (InvalidPathException failure) {
            throw new InvalidDatasetException(
                    source,
                    NameEncoding.isAffected(source) ? NameEncoding.remedy() : "neither a known name nor a path",
                    failure);
        }
    }

    private static PictureFiles zip(String source, Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new InvalidDatasetException(
                    source, "no such file or folder; known by name are " + String.join(", ", names()));
        }
        if (!isZip(path)) {
            throw new InvalidDatasetException(source, "neither a folder nor a zip file");
        }
        return ZipFiles.open(path);
    }

    private static OpenedSource openFolder(String source, Path folder, int leastClasses) throws IOException {
        Path cifar = CifarReader.locate(folder);
        if (cifar != null) {
            return CifarReader.open(source, cifar);
        }
        Path pickles = CifarPickles.locate(folder);
        if (pickles != null) {
            return CifarPickles.open(source, pickles);
        }
        if (IdxReader.isIdx(folder)) {
            return IdxReader.open(source, folder);
        }
        return openPictures(FolderFiles.open(folder), Finder.folders(leastClasses));
    }

    /** Finds the classes of pictures. */
    @FunctionalInterface
    private interface Finder {
        ClassFolders find(PictureFiles files) throws IOException;

        static Finder folders(int leastClasses) {
            return files -> ClassFolders.find(files.source(), files.pictures(), files.folders(), leastClasses);
        }
    }

    private static OpenedSource openPictures(PictureFiles files, Finder finder) throws IOException {
        try {
            ClassFolders found = finder.find(files);
            List<ClassFolders.Picture> validation = found.validation();
            PassedOver passedOver = files.passedOver();
            var remarks = new ArrayList<>(files.remarks());
            remarks.addAll(found.remarks());
            return new OpenedSource(
                    files.source(),
                    new PictureDataset(
                            files,
                            found.classes(),
                            found.train(),
                            passedOver.pictures(found.trainFolder()),
                            found.trainPart()),
                    validation == null
                            ? null
                            : new PictureDataset(
                                    files,
                                    found.classes(),
                                    validation,
                                    passedOver.pictures(found.validationFolder()),
                                    found.validationPart()),
                    DatasetProfile.photographs(),
                    files,
                    new OpenedSource.Findings(passedOver.kinds(), remarks));
        } catch (IOException | RuntimeException failure) {
            files.close();
            throw failure;
        }
    }

    private static boolean isZip(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] start = in.readNBytes(2);
            return start.length == 2 && start[0] == 'P' && start[1] == 'K';
        }
    }
}
