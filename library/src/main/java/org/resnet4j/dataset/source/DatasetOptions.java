package org.resnet4j.dataset.source;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.download.DownloadProgress;

/**
 * How a source is opened. Start from {@link #defaults} and change what differs with the {@code with…} methods.
 *
 * @param cacheFolder where downloaded datasets are kept; created when something is downloaded
 * @param systemFolders folders that may hold a dataset by its name, looked into before anything is downloaded
 * @param downloadBase downloads come from here instead of the publisher's server; null for the publisher's
 * @param downloadAllowed whether a dataset that is nowhere on this machine may be downloaded
 * @param progress told how a download goes
 * @param seed decides which samples are held out for validation, and what {@code synthetic} draws
 * @param validationFraction the part of each class that is held out where a source has no validation images, between 0
 *     and 1
 * @param synthetic how many images {@code synthetic} draws, and of what size
 */
public record DatasetOptions(
        Path cacheFolder,
        List<Path> systemFolders,
        @Nullable URI downloadBase,
        boolean downloadAllowed,
        DownloadProgress progress,
        long seed,
        double validationFraction,
        SyntheticSize synthetic) {
    /** Where Debian's {@code dataset-…} packages put their files. */
    static final Path DEBIAN_DATASETS = Path.of("/usr/share/datasets");

    public DatasetOptions {
        systemFolders = List.copyOf(systemFolders);
        if (!(validationFraction > 0 && validationFraction < 1)) {
            throw new IllegalArgumentException(
                    "the validation fraction must be between 0 and 1, got " + validationFraction);
        }
    }

    /** Seed 0, a tenth held out, downloads allowed and unreported. */
    public static DatasetOptions defaults(Path cacheFolder) {
        return new DatasetOptions(
                cacheFolder,
                List.of(DEBIAN_DATASETS),
                null,
                true,
                DownloadProgress.NONE,
                0,
                0.1,
                SyntheticSize.defaults());
    }

    /** The same with another seed. */
    public DatasetOptions withSeed(long changed) {
        return new DatasetOptions(
                cacheFolder,
                systemFolders,
                downloadBase,
                downloadAllowed,
                progress,
                changed,
                validationFraction,
                synthetic);
    }

    /** The same with another part held out for validation. */
    public DatasetOptions withValidationFraction(double changed) {
        return new DatasetOptions(
                cacheFolder, systemFolders, downloadBase, downloadAllowed, progress, seed, changed, synthetic);
    }

    /** The same with other system folders. */
    public DatasetOptions withSystemFolders(List<Path> changed) {
        return new DatasetOptions(
                cacheFolder, changed, downloadBase, downloadAllowed, progress, seed, validationFraction, synthetic);
    }

    /** The same with downloads from another server; file names are resolved against the address. */
    public DatasetOptions withDownloadBase(URI changed) {
        return new DatasetOptions(
                cacheFolder, systemFolders, changed, downloadAllowed, progress, seed, validationFraction, synthetic);
    }

    /** The same with downloads allowed or refused. */
    public DatasetOptions withDownloadAllowed(boolean changed) {
        return new DatasetOptions(
                cacheFolder, systemFolders, downloadBase, changed, progress, seed, validationFraction, synthetic);
    }

    /** The same with another listener to downloads. */
    public DatasetOptions withProgress(DownloadProgress changed) {
        return new DatasetOptions(
                cacheFolder,
                systemFolders,
                downloadBase,
                downloadAllowed,
                changed,
                seed,
                validationFraction,
                synthetic);
    }

    /** The same with another number or size of synthetic images. */
    public DatasetOptions withSynthetic(SyntheticSize changed) {
        return new DatasetOptions(
                cacheFolder, systemFolders, downloadBase, downloadAllowed, progress, seed, validationFraction, changed);
    }
}
