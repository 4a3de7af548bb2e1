package org.resnet4j.dataset.source;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.download.http.Checksum;
import org.resnet4j.download.http.Download;
import org.resnet4j.download.http.Downloader;

/**
 * A dataset with a known name, and the address of its publisher.
 *
 * @param name the name for users, and of its folder below the cache folder and the system's dataset folders
 * @param base the publisher's folder, ending in {@code /}
 * @param downloads the files to download
 * @param unpacked the files required in its folder; extracted from the single archive in {@code downloads} if they
 *     differ
 */
record KnownDataset(String name, URI base, List<RemoteFile> downloads, Set<String> unpacked) {
    /** Much larger than any published file. */
    private static final long MOST_BYTES = 4L << 30;

    /** A file on the publisher's server, with the checksum published beside it. */
    record RemoteFile(String name, Checksum checksum) {}

    /** @see <a href="https://github.com/zalandoresearch/fashion-mnist">Fashion-MNIST, with the MD5 of each file</a> */
    private static KnownDataset fashionMnist() {
        List<RemoteFile> files = List.of(
                new RemoteFile("train-images-idx3-ubyte.gz", Checksum.md5("8d4fb7e6c68d591d4c3dfef9ec88bf0d")),
                new RemoteFile("train-labels-idx1-ubyte.gz", Checksum.md5("25c81989df183df01b3e8a0aad5dffbe")),
                new RemoteFile("t10k-images-idx3-ubyte.gz", Checksum.md5("bef4ecab320f06d8554ea6380940ec79")),
                new RemoteFile("t10k-labels-idx1-ubyte.gz", Checksum.md5("bb300cfdad3c16e7a12a480ee83cd310")));
        return new KnownDataset(
                "fashion-mnist",
                URI.create("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
                files,
                Set.copyOf(files.stream().map(RemoteFile::name).toList()));
    }

    /** @see <a href="https://www.cs.toronto.edu/~kriz/cifar.html">CIFAR, with the MD5 of each archive</a> */
    private static KnownDataset cifar10() {
        var files = new ArrayList<>(List.of("batches.meta.txt", "test_batch.bin"));
        IntStream.rangeClosed(1, 5).forEach(i -> files.add("data_batch_" + i + ".bin"));
        return cifar("cifar10", "cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530", files);
    }

    private static KnownDataset cifar100() {
        List<String> files = List.of("fine_label_names.txt", "train.bin", "test.bin");
        return cifar("cifar100", "cifar-100-binary.tar.gz", "03b5dce01913d631647c71ecec9e9cb8", files);
    }

    private static KnownDataset cifar(String name, String archive, String md5, List<String> files) {
        return new KnownDataset(
                name,
                URI.create("https://www.cs.toronto.edu/~kriz/"),
                List.of(new RemoteFile(archive, Checksum.md5(md5))),
                Set.copyOf(files));
    }

    private static List<KnownDataset> all() {
        return List.of(fashionMnist(), cifar10(), cifar100());
    }

    static List<String> names() {
        return all().stream().map(KnownDataset::name).toList();
    }

    /** Returns the dataset of this name; null if it is not a known name. */
    static @Nullable KnownDataset named(String name) {
        return all().stream()
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    KnownDataset {
        downloads = List.copyOf(downloads);
        unpacked = Set.copyOf(unpacked);
    }

    /** Returns the folder of its files; downloads them if they are not on this machine. */
    Path locateOrDownload(DatasetOptions options) throws IOException {
        Path cached = options.cacheFolder().resolve(name);
        if (isComplete(cached)) {
            return cached;
        }
        for (Path system : options.systemFolders()) {
            Path folder = system.resolve(name);
            if (isComplete(folder)) {
                return folder;
            }
        }
        if (!options.downloadAllowed()) {
            throw new InvalidDatasetException(
                    name,
                    "neither in " + cached + " nor in " + options.systemFolders() + ", and downloads are not allowed");
        }
        download(options, cached);
        return cached;
    }

    private boolean isComplete(Path folder) {
        return unpacked.stream().allMatch(file -> Files.isRegularFile(folder.resolve(file)));
    }

    private void download(DatasetOptions options, Path folder) throws IOException {
        URI configured = options.downloadBase();
        URI from = configured == null ? base : configured;
        Downloader downloader = Downloader.reporting(options.progress());
        Path archive = null;
        for (RemoteFile file : downloads) {
            Path target = folder.resolve(file.name());
            downloader.download(Download.of(from.resolve(file.name()), file.checksum(), MOST_BYTES), target);
            if (!unpacked.contains(file.name())) {
                archive = target;
            }
        }
        if (archive != null) {
            unpack(archive, folder);
        }
    }

    private void unpack(Path archive, Path folder) throws IOException {
        Path temporary = Files.createTempDirectory(folder, "unpacking-");
        try {
            TarGz.extract(archive, unpacked, temporary);
            for (String file : unpacked) {
                Files.move(temporary.resolve(file), folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
            }
        } finally {
            try (Stream<Path> left = Files.list(temporary)) {
                for (Path file : left.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(temporary);
        }
        Files.delete(archive);
    }
}
