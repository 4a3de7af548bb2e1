package org.resnet4j.dataset.source;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.download.DownloadProgress;

/**
 * The options for opening a source. Start from {@link #defaults} and change values with the {@code with…} methods.
 *
 * @param cacheFolder the folder of downloaded datasets; created on the first download
 * @param systemFolders folders that are searched for a dataset by its name before it is downloaded
 * @param downloadBase the address that replaces the publisher's server; null for the publisher's
 * @param downloadAllowed true if a dataset that is not on this machine may be downloaded
 * @param progress receives the progress of downloads
 * @param seed the seed for the samples that are held out for validation, and for {@code synthetic}
 * @param validationFraction the fraction of each class that is held out if a source has no validation set, between 0
 *     and 1
 * @param synthetic the number and size of the images of {@code synthetic}
 * @since 0.1.0
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
    /**
     * The number and size of the images of the source {@code synthetic}.
     *
     * @param imageSize the side of its square images in pixels, from 8 to 4096
     * @param trainSamples the number of training images, at least 1
     * @param validationSamples the number of validation images, at least 1; none of them is a training image
     */
    public record SyntheticSize(int imageSize, int trainSamples, int validationSamples) {
        public SyntheticSize {
            if (imageSize < 8 || imageSize > 4096) {
                throw new IllegalArgumentException("synthetic images have 8 to 4096 pixels per side, got " + imageSize);
            }
            if (trainSamples < 1 || validationSamples < 1) {
                throw new IllegalArgumentException("synthetic needs at least 1 training and 1 validation image, got "
                        + trainSamples + " and " + validationSamples);
            }
        }

        /** Returns 10,000 and 2,000 images of 32x32 pixels. */
        public static SyntheticSize defaults() {
            return new SyntheticSize(32, 10_000, 2_000);
        }
    }

    /** The folder in which Debian's {@code dataset-…} packages install their files. */
    static final Path DEBIAN_DATASETS = Path.of("/usr/share/datasets");

    public DatasetOptions {
        systemFolders = List.copyOf(systemFolders);
        if (!(validationFraction > 0 && validationFraction < 1)) {
            throw new IllegalArgumentException(
                    "the validation fraction must be between 0 and 1, got " + validationFraction);
        }
    }

    /** Returns the defaults: seed 0, a tenth held out, downloads allowed without progress reports. */
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

    /** Returns these options with another seed. */
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

    /** Returns these options with another fraction held out for validation. */
    public DatasetOptions withValidationFraction(double changed) {
        return new DatasetOptions(
                cacheFolder, systemFolders, downloadBase, downloadAllowed, progress, seed, changed, synthetic);
    }

    /** Returns these options with other system folders. */
    public DatasetOptions withSystemFolders(List<Path> changed) {
        return new DatasetOptions(
                cacheFolder, changed, downloadBase, downloadAllowed, progress, seed, validationFraction, synthetic);
    }

    /** Returns these options with downloads from another server; file names are resolved against the address. */
    public DatasetOptions withDownloadBase(URI changed) {
        return new DatasetOptions(
                cacheFolder, systemFolders, changed, downloadAllowed, progress, seed, validationFraction, synthetic);
    }

    /** Returns these options with downloads allowed or forbidden. */
    public DatasetOptions withDownloadAllowed(boolean changed) {
        return new DatasetOptions(
                cacheFolder, systemFolders, downloadBase, changed, progress, seed, validationFraction, synthetic);
    }

    /** Returns these options with another receiver of download progress. */
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

    /** Returns these options with another number or size of synthetic images. */
    public DatasetOptions withSynthetic(SyntheticSize changed) {
        return new DatasetOptions(
                cacheFolder, systemFolders, downloadBase, downloadAllowed, progress, seed, validationFraction, changed);
    }
}
