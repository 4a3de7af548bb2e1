package org.resnet4j.fuzz;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.Datasets;

/** Any bytes are the files of a data set or are refused as invalid. */
class DatasetFuzzTest {
    private static final int PREFIX_BYTES = 3;

    @TempDir
    private Path folder;

    /**
     * A byte whose lowest two bits say which of the files is packed with gzip, the length of the images in two bytes, the
     * file of images, the file of labels.
     */
    @FuzzTest(maxDuration = "10m")
    void idx(byte[] bytes) throws IOException {
        if (bytes.length < PREFIX_BYTES) {
            return;
        }
        Path place = Files.createDirectories(folder.resolve("idx-" + (bytes[0] & 3)));
        int images = Math.min((bytes[1] & 0xff) << 8 | (bytes[2] & 0xff), bytes.length - PREFIX_BYTES);
        int labels = PREFIX_BYTES + images;
        Files.write(
                place.resolve("train-images-idx3-ubyte" + ((bytes[0] & 1) == 0 ? "" : ".gz")),
                Arrays.copyOfRange(bytes, PREFIX_BYTES, labels));
        Files.write(
                place.resolve("train-labels-idx1-ubyte" + ((bytes[0] & 2) == 0 ? "" : ".gz")),
                Arrays.copyOfRange(bytes, labels, bytes.length));
        open(place);
    }

    /** A batch of CIFAR-10. */
    @FuzzTest(maxDuration = "10m")
    void cifar(byte[] bytes) throws IOException {
        Path place = Files.createDirectories(folder.resolve("cifar"));
        Files.write(place.resolve("data_batch_1.bin"), bytes);
        open(place);
    }

    /** A zip file of class folders. */
    @DictionaryEntries({"PK\\x01\\x02", "PK\\x03\\x04", "PK\\x05\\x06", "PK\\x06\\x06", "train/", "val/", "../", "./"})
    @FuzzTest(maxDuration = "10m")
    void zip(byte[] bytes) throws IOException {
        open(Files.write(folder.resolve("pictures.zip"), bytes));
    }

    private void open(Path place) throws IOException {
        FuzzLimits.check(() -> {
            try (DatasetSplits splits =
                    Datasets.open(place.toString(), DatasetOptions.defaults(folder.resolve("cache")))) {
                readFirst(splits.train());
            } catch (InvalidDatasetException documented) {
                return;
            }
        });
    }

    private static void readFirst(Dataset dataset) {
        try {
            dataset.image(0);
        } catch (IOException documented) {
            return;
        }
    }
}
