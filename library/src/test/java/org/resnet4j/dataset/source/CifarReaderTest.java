package org.resnet4j.dataset.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.image.Image;
import org.resnet4j.model.labels.LabelSet;

class CifarReaderTest {
    @TempDir
    private Path folder;

    private DatasetOptions options() {
        return DatasetOptions.defaults(folder.resolve("cache"));
    }

    /** Returns records whose planes are filled with 1, 2 and 3 times ten plus the number of the record. */
    static byte[] records(int labelBytes, int... labels) {
        byte[] file = new byte[labels.length * (labelBytes + 3072)];
        for (int i = 0; i < labels.length; i++) {
            int at = i * (labelBytes + 3072);
            file[at + labelBytes - 1] = (byte) labels[i];
            for (int plane = 0; plane < 3; plane++) {
                int from = at + labelBytes + 1024 * plane;
                Arrays.fill(file, from, from + 1024, (byte) (10 * (plane + 1) + i));
            }
        }
        return file;
    }

    @Test
    void cifar10BatchesBecomeInterleavedImages() throws IOException {
        Path batches = folder.resolve("cifar-10-batches-bin");
        TestPictures.put(batches.resolve("data_batch_1.bin"), records(1, 3, 9));
        TestPictures.put(batches.resolve("data_batch_2.bin"), records(1, 0));
        TestPictures.put(batches.resolve("test_batch.bin"), records(1, 7));
        try (DatasetSplits splits = Datasets.open(folder.toString(), options())) {
            assertFalse(splits.validationHeldOut());
            assertEquals("truck", splits.classes().get(9));
            Dataset train = splits.train();
            assertEquals(3, train.size());
            assertArrayEquals(
                    new int[] {3, 9, 0}, IntStream.range(0, 3).map(train::label).toArray());
            Image second = train.image(1);
            assertEquals(32, second.width());
            assertArrayEquals(new byte[] {11, 21, 31, 11, 21, 31}, Arrays.copyOf(second.samples(), 6));
            assertEquals(10, train.image(2).samples()[0]);
            assertEquals("data_batch_2.bin#0", train.origin(2));
            assertEquals(7, splits.validation().label(0));
            assertEquals(32, splits.profile().imageSize());
            assertEquals(0.4914f, splits.profile().normalization().mean()[0]);
            assertThrows(IndexOutOfBoundsException.class, () -> train.image(3));
        }
    }

    @Test
    void cifar100TakesTheFineLabel() throws IOException {
        TestPictures.put(folder.resolve("train.bin"), records(2, 99, 1));
        TestPictures.put(folder.resolve("test.bin"), records(2, 5));
        Files.writeString(
                folder.resolve("fine_label_names.txt"),
                IntStream.range(0, 100).mapToObj(i -> "fine" + i).collect(Collectors.joining("\n", "", "\n\n")));
        try (DatasetSplits splits = Datasets.open(folder.toString(), options())) {
            assertEquals(100, splits.classes().size());
            assertEquals("fine99", splits.classes().get(splits.train().label(0)));
            assertEquals(10, splits.train().image(0).samples()[0]);
        }
    }

    @Test
    void aCutOffBatchIsRefused() throws IOException {
        byte[] whole = records(1, 3, 9);
        TestPictures.put(folder.resolve("data_batch_1.bin"), Arrays.copyOf(whole, whole.length - 1));
        String message = refusal();
        assertTrue(
                message.contains("data_batch_1.bin has 6145 bytes, which is not a whole number of records"), message);
    }

    @Test
    void aLabelBeyondTheClassesIsRefusedWithItsOffset() throws IOException {
        TestPictures.put(folder.resolve("data_batch_1.bin"), records(1, 3, 10));
        String message = refusal();
        assertTrue(message.contains("data_batch_1.bin, offset 3073: label 10 is not below"), message);
    }

    @Test
    void missingClassNamesAreRefused() throws IOException {
        TestPictures.put(folder.resolve("train.bin"), records(2, 99, 1));
        assertTrue(refusal().contains("fine_label_names.txt"));
        Files.write(folder.resolve("fine_label_names.txt"), List.of("one", "two"));
        assertTrue(refusal().contains("names 2 classes instead of 100"));
    }

    private String refusal() {
        return assertThrows(
                        InvalidDatasetException.class,
                        () -> Datasets.open(folder.toString(), options()).close())
                .getMessage();
    }

    /** The names of the data and those of weights that were trained on them. */
    @Test
    void classNamesAreThoseOfThePublishedWeights() {
        assertEquals(LabelSet.CIFAR_10.names(), CifarReader.CIFAR10_CLASSES);
    }
}
