package org.resnet4j.dataset.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.DatasetProfile;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.torch.pickle.PickleInterpreter;
import org.resnet4j.weights.torch.pickle.PickleReader;
import org.resnet4j.weights.torch.pickle.StorageTable;
import org.resnet4j.weights.torch.pickle.Value;
import org.resnet4j.weights.torch.zip.FileRange;

/**
 * A reader of the batches of CIFAR-10 and CIFAR-100 for Python, which torchvision downloads as well. Nothing in them is
 * executed: the dict in a pickle is interpreted, and the pixels are read at their place in the file.
 *
 * <p>A batch has {@code data}, a NumPy array of bytes {@code [images, 3072]} with the red, green and blue plane of each
 * image, and {@code labels} or {@code fine_labels}.
 */
final class CifarPickles {
    /** The files of CIFAR-100 have 155 MB. */
    private static final long MAX_BYTES = 1L << 30;

    /** The place of the bytes among the five parts of an array's state: version, shape, type, order, bytes. */
    private static final int ARRAY_BYTES = 4;

    private static final int ARRAY_SHAPE = 1;
    private static final int ARRAY_ORDER = 3;

    private static final String NO_BATCH = "this is not a batch of CIFAR for Python";

    private final String source;
    private final Path file;
    private final FileRange range;

    private CifarPickles(String source, Path file, FileRange range) {
        this.source = source;
        this.file = file;
        this.range = range;
    }

    /** Returns the folder that contains the batches: this one or a child named as in the publisher's archive. */
    static @Nullable Path locate(Path folder) {
        for (Path candidate :
                List.of(folder, folder.resolve("cifar-10-batches-py"), folder.resolve("cifar-100-python"))) {
            if (isCifar10(candidate) || isCifar100(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    private static boolean isCifar10(Path folder) {
        return Files.isRegularFile(folder.resolve("data_batch_1"));
    }

    private static boolean isCifar100(Path folder) {
        return Files.isRegularFile(folder.resolve("meta")) && Files.isRegularFile(folder.resolve("train"));
    }

    static OpenedSource open(String source, Path folder) throws IOException {
        return isCifar10(folder) ? openCifar10(source, folder) : openCifar100(source, folder);
    }

    private static OpenedSource openCifar10(String source, Path folder) throws IOException {
        Path meta = folder.resolve("batches.meta");
        List<String> classes =
                Files.isRegularFile(meta) ? names(source, meta, "label_names", 10) : CifarReader.CIFAR10_CLASSES;
        var train = new ArrayList<PixelDataset.Part>();
        for (int i = 1; Files.isRegularFile(folder.resolve("data_batch_" + i)); i++) {
            train.add(batch(source, folder.resolve("data_batch_" + i), "labels", classes.size()));
        }
        Path test = folder.resolve("test_batch");
        List<PixelDataset.Part> validation =
                Files.isRegularFile(test) ? List.of(batch(source, test, "labels", classes.size())) : List.of();
        return CifarReader.opened(source, train, validation, classes, DatasetProfile.cifar10());
    }

    private static OpenedSource openCifar100(String source, Path folder) throws IOException {
        List<String> classes = names(source, folder.resolve("meta"), "fine_label_names", 100);
        var train = List.of(batch(source, folder.resolve("train"), "fine_labels", classes.size()));
        Path test = folder.resolve("test");
        List<PixelDataset.Part> validation =
                Files.isRegularFile(test) ? List.of(batch(source, test, "fine_labels", classes.size())) : List.of();
        return CifarReader.opened(source, train, validation, classes, DatasetProfile.cifar100());
    }

    /** Reads something from the dict of a file. */
    private interface Reading<T> {
        T of(CifarPickles pickle, Value.Mapping dict) throws IOException;
    }

    private static <T> T read(String source, Path file, Reading<T> reading) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var range = FileRange.of(file, channel);
            var pickle = new CifarPickles(source, file, range);
            var reader = new PickleReader(range, 0, MAX_BYTES);
            if (PickleInterpreter.read(reader, new StorageTable(), range.size()) instanceof Value.Mapping dict) {
                return reading.of(pickle, dict);
            }
            throw pickle.invalid(NO_BATCH);
        } catch (MalformedFileException malformed) {
            throw new InvalidDatasetException(source, String.valueOf(malformed.getMessage()), malformed);
        }
    }

    private InvalidDatasetException invalid(String reason) {
        return new InvalidDatasetException(source, file + ": " + reason);
    }

    private static List<String> names(String source, Path file, String key, int expected) throws IOException {
        return read(source, file, (pickle, dict) -> {
            var names = new ArrayList<String>();
            for (Value name : pickle.list(dict, key)) {
                if (!(name instanceof Value.Text text)) {
                    throw pickle.invalid(key + " contains " + name.noun());
                }
                names.add(text.value());
            }
            if (names.size() != expected) {
                throw pickle.invalid("it names " + names.size() + " classes instead of " + expected);
            }
            return List.copyOf(names);
        });
    }

    private static PixelDataset.Part batch(String source, Path file, String key, int classes) throws IOException {
        return read(source, file, (pickle, dict) -> pickle.batch(dict, key, classes));
    }

    private List<Value> list(Value.Mapping dict, String key) throws InvalidDatasetException {
        if (dict.named().get(key) instanceof Value.Sequence list) {
            return list.items();
        }
        throw invalid(NO_BATCH + ": it has no list " + key);
    }

    private PixelDataset.Part batch(Value.Mapping dict, String key, int classes) throws IOException {
        List<Value> items = list(dict, key);
        int[] labels = new int[items.size()];
        for (int i = 0; i < labels.length; i++) {
            long label = items.get(i) instanceof Value.Whole whole ? whole.value() : -1;
            if (label < 0 || label >= classes) {
                throw invalid("label " + i + " of " + key + " is not a number below the number of classes, " + classes);
            }
            labels[i] = (int) label;
        }
        return new PixelDataset.Part(String.valueOf(file.getFileName()), pixels(dict, labels.length), labels);
    }

    private byte[] pixels(Value.Mapping dict, int images) throws IOException {
        List<Value> array = dict.named().get("data") instanceof Value.Foreign object
                        && object.name().startsWith("numpy.")
                        && object.state() instanceof Value.Tuple state
                ? state.items()
                : List.of();
        if (array.size() <= ARRAY_BYTES) {
            throw invalid(NO_BATCH + ": it has no array data");
        }
        long expected = (long) images * CifarReader.SAMPLES;
        boolean fits = array.get(ARRAY_SHAPE) instanceof Value.Tuple shape
                && shape.items().equals(List.of(new Value.Whole(images), new Value.Whole(CifarReader.SAMPLES)))
                && array.get(ARRAY_ORDER) == Value.Constant.FALSE
                && length(array.get(ARRAY_BYTES)) == expected;
        if (!fits || expected == 0 || expected > Integer.MAX_VALUE - 8) {
            throw invalid("data must be an array of bytes [" + images + ", " + CifarReader.SAMPLES + "], row by row");
        }
        byte[] planes = bytes(array.get(ARRAY_BYTES));
        byte[] pixels = new byte[planes.length];
        for (int i = 0; i < images; i++) {
            CifarReader.interleave(planes, i * CifarReader.SAMPLES, pixels, i * CifarReader.SAMPLES);
        }
        return pixels;
    }

    private static long length(Value value) {
        return switch (value) {
            case Value.Bytes bytes -> bytes.length();
            case Value.Text text -> text.value().length();
            default -> -1;
        };
    }

    /** Returns bytes, which Python 2 writes as a string. */
    private byte[] bytes(Value value) throws IOException {
        if (value instanceof Value.Text text) {
            return text.value().getBytes(StandardCharsets.ISO_8859_1);
        }
        var place = (Value.Bytes) value;
        var bytes = new byte[(int) place.length()];
        range.read(place.position(), ByteBuffer.wrap(bytes));
        return bytes;
    }
}
