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
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.DatasetProfile;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.dataset.folder.ClassFolders;
import org.resnet4j.dataset.folder.ClassNames;
import org.resnet4j.dataset.folder.NameEncoding;

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
        OpenedSource opened = openSource(source, options, TO_TRAIN);
        Dataset validation = opened.validation();
        Dataset train = opened.train();
        if (validation != null) {
            return new DatasetSplits(source, train, validation, false, opened.profile(), List.of(opened.files()));
        }
        try {
            return holdOut(source, train, opened.profile(), options, List.of(opened.files()));
        } catch (InvalidDatasetException tooFew) {
            opened.files().close();
            throw tooFew;
        }
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
                source, new Subset(dataset, split.train()), new Subset(dataset, split.heldOut()), true, profile, files);
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
        return new DatasetSplits(
                source, train.train(), validation, false, train.profile(), List.of(train.files(), validation::close));
    }

    /**
     * Opens a source for evaluation: its validation set if it has one, otherwise all of its images. Closing the dataset
     * closes its files. A single class is sufficient.
     *
     * @throws InvalidDatasetException as {@link #open(String, DatasetOptions)}
     * @throws IOException if files cannot be read or downloaded
     */
    public static Dataset openForEvaluation(String source, DatasetOptions options) throws IOException {
        OpenedSource opened = openSource(source, options, 1);
        Dataset validation = opened.validation();
        return new OwningDataset(validation != null ? validation : opened.train(), opened.files());
    }

    private static OpenedSource openSource(String source, DatasetOptions options, int leastClasses) throws IOException {
        if (source.equals(SYNTHETIC)) {
            return SyntheticDataset.open(options.synthetic(), options.seed());
        }
        KnownDataset known = KnownDataset.named(source);
        if (known != null) {
            return openFolder(source, known.locateOrDownload(options), leastClasses);
        }
        Path path;
        try {
            path = Path.of(source);
        } catch (InvalidPathException failure) {
            throw new InvalidDatasetException(
                    source,
                    NameEncoding.isAffected(source) ? NameEncoding.remedy() : "neither a known name nor a path",
                    failure);
        }
        if (Files.isDirectory(path)) {
            return openFolder(source, path, leastClasses);
        }
        if (!Files.exists(path)) {
            throw new InvalidDatasetException(
                    source, "no such file or folder; known by name are " + String.join(", ", names()));
        }
        if (!isZip(path)) {
            throw new InvalidDatasetException(source, "neither a folder nor a zip file");
        }
        return openPictures(ZipFiles.open(path), leastClasses);
    }

    private static OpenedSource openFolder(String source, Path folder, int leastClasses) throws IOException {
        Path cifar = CifarReader.locate(folder);
        if (cifar != null) {
            return CifarReader.open(source, cifar);
        }
        if (IdxReader.isIdx(folder)) {
            return IdxReader.open(source, folder);
        }
        return openPictures(FolderFiles.open(folder), leastClasses);
    }

    private static OpenedSource openPictures(PictureFiles files, int leastClasses) throws IOException {
        try {
            ClassFolders found = ClassFolders.find(files.source(), files.pictures(), files.folders(), leastClasses);
            List<ClassFolders.Picture> validation = found.validation();
            return new OpenedSource(
                    files.source(),
                    new PictureDataset(files, found.classes(), found.train()),
                    validation == null ? null : new PictureDataset(files, found.classes(), validation),
                    DatasetProfile.photographs(),
                    files);
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
