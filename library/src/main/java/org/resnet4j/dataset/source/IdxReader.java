package org.resnet4j.dataset.source;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.DatasetProfile;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.image.Normalization;

/**
 * A reader of folders of IDX files, the format of MNIST and similar datasets, compressed with gzip or not.
 *
 * <p>An image file consists of the number 0x803, the numbers of images, rows and columns (big-endian, four bytes each),
 * and a byte for each pixel. A label file consists of the number 0x801, the number of labels, and a byte for each
 * label.
 */
final class IdxReader {
    private static final int IMAGE_MAGIC = 0x803;
    private static final int LABEL_MAGIC = 0x801;
    private static final int MAX_SIDE = 4096;

    /** The maximum ratio of Deflate; a header that claims more is false. */
    private static final int MAX_GZIP_RATIO = 1040;

    private static final Pattern IMAGES =
            Pattern.compile("(.*)images([-.])idx3([-.])ubyte(\\.gz)?", Pattern.CASE_INSENSITIVE);
    private static final List<String> FASHION_CLASSES = List.of(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");

    private IdxReader() {}

    /** The files of images and of their labels. */
    private record Pair(Path images, Path labels) {}

    /** Returns true if a folder contains an IDX image file. */
    static boolean isIdx(Path folder) throws IOException {
        return !imageFiles(folder).isEmpty();
    }

    static OpenedSource open(String source, Path folder) throws IOException {
        Pair train = null;
        Pair test = null;
        for (Path images : imageFiles(folder)) {
            String prefix = prefix(images).toLowerCase(Locale.ROOT);
            Pair pair = new Pair(images, labelsOf(source, images));
            if (prefix.contains("t10k") || prefix.contains("test") || prefix.contains("val")) {
                test = onlyOne(source, test, pair);
            } else {
                train = onlyOne(source, train, pair);
            }
        }
        if (train == null) {
            throw new InvalidDatasetException(source, "no training images: no file train-images-idx3-ubyte[.gz]");
        }
        boolean fashion = isFashion(folder);
        RawImages trainImages = readImages(source, train);
        RawImages testImages = test == null ? null : readImages(source, test);
        if (testImages != null
                && (testImages.rows() != trainImages.rows() || testImages.columns() != trainImages.columns())) {
            throw new InvalidDatasetException(
                    source,
                    "the training images have " + trainImages.rows() + "x" + trainImages.columns()
                            + " pixels, the test images " + testImages.rows() + "x" + testImages.columns());
        }
        List<String> classes = classes(source, trainImages, testImages, fashion);
        PixelDataset trainSet = trainImages.dataset(classes);
        DatasetProfile profile = fashion ? DatasetProfile.fashionMnist() : measured(source, trainSet, trainImages);
        return OpenedSource.inMemory(
                source, trainSet, testImages == null ? null : testImages.dataset(classes), profile);
    }

    private static List<Path> imageFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(file -> IMAGES.matcher(name(file)).matches())
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
            var distinct = new ArrayList<Path>();
            for (Path file : found) {
                // If a file exists both compressed and uncompressed, the uncompressed one sorts first and is used.
                if (distinct.isEmpty() || !name(file).equals(name(distinct.getLast()) + ".gz")) {
                    distinct.add(file);
                }
            }
            return distinct;
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static String prefix(Path images) {
        Matcher matcher = IMAGES.matcher(name(images));
        return matcher.matches() ? matcher.group(1) : "";
    }

    private static Path labelsOf(String source, Path images) throws InvalidDatasetException {
        Matcher matcher = IMAGES.matcher(name(images));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not an IDX image file: " + images);
        }
        String stem = matcher.group(1) + "labels" + matcher.group(2) + "idx1" + matcher.group(3) + "ubyte";
        for (String candidate : List.of(stem, stem + ".gz")) {
            Path labels = images.resolveSibling(candidate);
            if (Files.isRegularFile(labels)) {
                return labels;
            }
        }
        throw new InvalidDatasetException(
                source, "the labels of " + name(images) + " are missing: no file " + stem + "[.gz]");
    }

    private static Pair onlyOne(String source, @Nullable Pair known, Pair found) throws InvalidDatasetException {
        if (known != null) {
            throw new InvalidDatasetException(
                    source,
                    "two files claim to be the same part of the dataset: " + name(known.images()) + " and "
                            + name(found.images()));
        }
        return found;
    }

    private static boolean isFashion(Path folder) {
        return String.valueOf(folder.toAbsolutePath().normalize().getFileName())
                .toLowerCase(Locale.ROOT)
                .contains("fashion");
    }

    private static List<String> classes(String source, RawImages train, @Nullable RawImages test, boolean fashion)
            throws InvalidDatasetException {
        int highest = train.highestLabel();
        if (test != null) {
            highest = Math.max(highest, test.highestLabel());
        }
        if (fashion && highest < FASHION_CLASSES.size()) {
            return FASHION_CLASSES;
        }
        if (Arrays.stream(train.labels()).distinct().count() < 2) {
            throw new InvalidDatasetException(
                    source,
                    "all training images have the same label, " + highest
                            + "; classification needs at least two classes");
        }
        return IntStream.rangeClosed(0, highest).mapToObj(Integer::toString).toList();
    }

    private static DatasetProfile measured(String source, PixelDataset train, RawImages images)
            throws InvalidDatasetException {
        double[] meanAndStd = train.meanAndStd();
        if (!(meanAndStd[1] > 0)) {
            throw new InvalidDatasetException(source, "all pixels of all training images are the same");
        }
        // Flipped digits and letters are other characters or none, so they are only shifted.
        return new DatasetProfile(
                Math.max(images.rows(), images.columns()),
                Normalization.uniform(1, (float) meanAndStd[0], (float) meanAndStd[1]),
                Augmentation.shifted());
    }

    /** The contents of a pair of files. */
    private record RawImages(String name, int rows, int columns, byte[] samples, int[] labels) {
        int highestLabel() {
            return Arrays.stream(labels).max().orElse(0);
        }

        PixelDataset dataset(List<String> classes) {
            return new PixelDataset(List.of(new PixelDataset.Part(name, samples, labels)), classes, columns, rows, 1);
        }
    }

    private static RawImages readImages(String source, Pair pair) throws IOException {
        int rows;
        int columns;
        byte[] samples;
        int count;
        try (IdxFile file = IdxFile.open(source, pair.images(), IMAGE_MAGIC)) {
            count = file.count();
            rows = file.side(8, "rows");
            columns = file.side(12, "columns");
            samples = file.rest(16, (long) count * rows * columns);
        }
        byte[] labelBytes;
        try (IdxFile file = IdxFile.open(source, pair.labels(), LABEL_MAGIC)) {
            int labelCount = file.count();
            if (labelCount != count) {
                throw new InvalidDatasetException(
                        source,
                        name(pair.images()) + " has " + count + " images, but " + name(pair.labels()) + " has "
                                + labelCount + " labels");
            }
            labelBytes = file.rest(8, labelCount);
        }
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = labelBytes[i] & 0xff;
        }
        return new RawImages(name(pair.images()), rows, columns, samples, labels);
    }

    /** A single file, read sequentially. */
    private record IdxFile(String source, Path path, DataInputStream in) implements AutoCloseable {
        static IdxFile open(String source, Path path, int magic) throws IOException {
            InputStream raw = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
            try {
                InputStream plain = path.toString().endsWith(".gz") ? new GZIPInputStream(raw, 1 << 16) : raw;
                var file = new IdxFile(source, path, new DataInputStream(plain));
                int found = file.number(0);
                if (found != magic) {
                    throw file.invalid(
                            0,
                            "not the IDX file that its name indicates: it begins with 0x" + Integer.toHexString(found)
                                    + " instead of 0x" + Integer.toHexString(magic));
                }
                return file;
            } catch (ZipException | EOFException failure) {
                raw.close();
                throw new InvalidDatasetException(source, path + ": " + failure.getMessage(), failure);
            } catch (IOException failure) {
                raw.close();
                throw failure;
            }
        }

        private int number(int offset) throws IOException {
            try {
                return in.readInt();
            } catch (EOFException end) {
                throw new InvalidDatasetException(
                        source, path + ", offset " + offset + ": the file ends in its header", end);
            } catch (ZipException damaged) {
                throw new InvalidDatasetException(
                        source, path + ", offset " + offset + ": " + damaged.getMessage(), damaged);
            }
        }

        int count() throws IOException {
            int count = number(4);
            if (count < 1) {
                throw invalid(4, "a count of " + Integer.toUnsignedString(count));
            }
            return count;
        }

        int side(int offset, String what) throws IOException {
            int side = number(offset);
            if (side < 1 || side > MAX_SIDE) {
                throw invalid(
                        offset, Integer.toUnsignedString(side) + " " + what + "; 1 to " + MAX_SIDE + " are allowed");
            }
            return side;
        }

        byte[] rest(int header, long length) throws IOException {
            boolean packed = path.toString().endsWith(".gz");
            long fileLength = Files.size(path);
            boolean plausible = packed ? length <= fileLength * MAX_GZIP_RATIO : length + header == fileLength;
            if (!plausible || length > Integer.MAX_VALUE - 8) {
                throw invalid(
                        4,
                        "the header claims " + length + " bytes of data, but the file has " + fileLength + " bytes"
                                + (packed ? " packed" : " with its header of " + header));
            }
            byte[] bytes = new byte[(int) length];
            try {
                int read = in.readNBytes(bytes, 0, bytes.length);
                if (read < bytes.length) {
                    throw invalid(
                            header + read, "the file ends before the " + length + " bytes that its header claims");
                }
                if (in.read() >= 0) {
                    throw invalid(header + read, "more data than the " + length + " bytes that its header claims");
                }
            } catch (ZipException | EOFException failure) {
                throw new InvalidDatasetException(source, path + ": damaged: " + failure.getMessage(), failure);
            }
            return bytes;
        }

        private InvalidDatasetException invalid(int offset, String reason) {
            return new InvalidDatasetException(source, path + ", offset " + offset + ": " + reason);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
