package org.resnet4j.dataset.source;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.DatasetProfile;
import org.resnet4j.dataset.InvalidDatasetException;

/**
 * A reader of the binary batches of CIFAR-10 and CIFAR-100.
 *
 * <p>A file is a sequence of records: one label byte (CIFAR-100: a coarse, then a fine label, of which the fine one is
 * used), then 1024 red, 1024 green and 1024 blue samples of a 32x32 image, row by row.
 *
 * @see <a href="https://www.cs.toronto.edu/~kriz/cifar.html">The CIFAR-10 and CIFAR-100 datasets</a>
 */
final class CifarReader {
    private static final int SIDE = 32;
    private static final int PLANE = SIDE * SIDE;
    static final int SAMPLES = 3 * PLANE;
    private static final List<String> CIFAR10_CLASSES =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

    private CifarReader() {}

    /**
     * Returns the folder that contains the batches: this one or a child named as in the publisher's archive; null if
     * neither.
     */
    static @Nullable Path locate(Path folder) {
        for (Path candidate :
                List.of(folder, folder.resolve("cifar-10-batches-bin"), folder.resolve("cifar-100-binary"))) {
            if (isCifar10(candidate) || isCifar100(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    private static boolean isCifar10(Path folder) {
        return Files.isRegularFile(folder.resolve("data_batch_1.bin"));
    }

    private static boolean isCifar100(Path folder) {
        return Files.isRegularFile(folder.resolve("train.bin"));
    }

    static OpenedSource open(String source, Path folder) throws IOException {
        return isCifar10(folder) ? openCifar10(source, folder) : openCifar100(source, folder);
    }

    private static OpenedSource openCifar10(String source, Path folder) throws IOException {
        List<String> classes = classNames(source, folder.resolve("batches.meta.txt"), 10, CIFAR10_CLASSES);
        var train = new ArrayList<PixelDataset.Part>();
        for (int i = 1; Files.isRegularFile(folder.resolve("data_batch_" + i + ".bin")); i++) {
            train.add(readBatch(source, folder.resolve("data_batch_" + i + ".bin"), 1, classes.size()));
        }
        Path test = folder.resolve("test_batch.bin");
        return opened(source, train, test, 1, classes, DatasetProfile.cifar10());
    }

    private static OpenedSource openCifar100(String source, Path folder) throws IOException {
        List<String> classes = classNames(source, folder.resolve("fine_label_names.txt"), 100, null);
        var train = List.of(readBatch(source, folder.resolve("train.bin"), 2, classes.size()));
        return opened(source, train, folder.resolve("test.bin"), 2, classes, DatasetProfile.cifar100());
    }

    private static OpenedSource opened(
            String source,
            List<PixelDataset.Part> train,
            Path test,
            int labelBytes,
            List<String> classes,
            DatasetProfile profile)
            throws IOException {
        PixelDataset validation = Files.isRegularFile(test)
                ? dataset(List.of(readBatch(source, test, labelBytes, classes.size())), classes)
                : null;
        return OpenedSource.inMemory(source, dataset(train, classes), validation, profile);
    }

    static PixelDataset dataset(List<PixelDataset.Part> parts, List<String> classes) {
        return new PixelDataset(parts, classes, SIDE, SIDE, 3);
    }

    private static List<String> classNames(String source, Path file, int expected, @Nullable List<String> usual)
            throws IOException {
        if (usual != null && !Files.isRegularFile(file)) {
            return usual;
        }
        if (!Files.isRegularFile(file)) {
            throw new InvalidDatasetException(source, "the class names are missing: no file " + file);
        }
        List<String> names = Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        if (names.size() != expected) {
            throw new InvalidDatasetException(
                    source, file + " names " + names.size() + " classes instead of " + expected);
        }
        return names;
    }

    private static PixelDataset.Part readBatch(String source, Path file, int labelBytes, int classes)
            throws IOException {
        int record = labelBytes + SAMPLES;
        long length = Files.size(file);
        if (length == 0 || length % record != 0) {
            throw new InvalidDatasetException(
                    source,
                    file + " has " + length + " bytes, which is not a whole number of records of " + record
                            + " bytes; it may be truncated or from another version of the dataset");
        }
        long count = length / record;
        if (count * SAMPLES > Integer.MAX_VALUE - 8) {
            throw new InvalidDatasetException(source, file + " has too many records: " + count);
        }
        int[] labels = new int[(int) count];
        byte[] samples = new byte[(int) count * SAMPLES];
        byte[] bytes = new byte[record];
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            for (int i = 0; i < labels.length; i++) {
                if (in.readNBytes(bytes, 0, record) != record) {
                    throw new InvalidDatasetException(source, file + " was truncated while it was read");
                }
                labels[i] = bytes[labelBytes - 1] & 0xff;
                if (labels[i] >= classes) {
                    throw new InvalidDatasetException(
                            source,
                            file + ", offset " + ((long) i * record + labelBytes - 1) + ": label " + labels[i]
                                    + " is not below the number of classes, " + classes);
                }
                interleave(bytes, labelBytes, samples, i * SAMPLES);
            }
        }
        return new PixelDataset.Part(String.valueOf(file.getFileName()), samples, labels);
    }

    static void interleave(byte[] planes, int from, byte[] pixels, int to) {
        for (int i = 0; i < PLANE; i++) {
            pixels[to + 3 * i] = planes[from + i];
            pixels[to + 3 * i + 1] = planes[from + PLANE + i];
            pixels[to + 3 * i + 2] = planes[from + 2 * PLANE + i];
        }
    }
}
