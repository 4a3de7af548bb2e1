package org.resnet4j.dataset.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.image.Image;

class IdxReaderTest {
    @TempDir
    private Path folder;

    private DatasetOptions options() {
        return DatasetOptions.defaults(folder.resolve("cache"));
    }

    static byte[] images(int count, int rows, int columns) {
        var file = ByteBuffer.allocate(16 + count * rows * columns);
        file.putInt(0x803).putInt(count).putInt(rows).putInt(columns);
        for (int i = 0; file.hasRemaining(); i++) {
            file.put((byte) i);
        }
        return file.array();
    }

    static byte[] labels(int... labels) {
        var file = ByteBuffer.allocate(8 + labels.length);
        file.putInt(0x801).putInt(labels.length);
        for (int label : labels) {
            file.put((byte) label);
        }
        return file.array();
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var packed = new GZIPOutputStream(out)) {
            packed.write(bytes);
        }
        return out.toByteArray();
    }

    private String refusal() {
        return assertThrows(
                        InvalidDatasetException.class,
                        () -> Datasets.open(folder.toString(), options()).close())
                .getMessage();
    }

    @Test
    void packedAndUnpackedFilesWithDashesOrDotsAreRead() throws IOException {
        TestPictures.put(folder.resolve("train-images-idx3-ubyte.gz"), gzip(images(4, 3, 2)));
        TestPictures.put(folder.resolve("train-labels-idx1-ubyte"), labels(0, 2, 1, 2));
        TestPictures.put(folder.resolve("t10k-images.idx3-ubyte"), images(2, 3, 2));
        TestPictures.put(folder.resolve("t10k-labels.idx1-ubyte.gz"), gzip(labels(1, 0)));
        try (DatasetSplits splits = Datasets.open(folder.toString(), options())) {
            assertFalse(splits.validationHeldOut());
            assertEquals(List.of("0", "1", "2"), splits.classes());
            assertEquals(4, splits.train().size());
            assertEquals(2, splits.validation().size());
            Image second = splits.train().image(1);
            assertEquals(2, second.width());
            assertEquals(3, second.height());
            assertEquals(1, second.channels());
            assertEquals(6, second.samples()[0]);
            assertEquals(1, splits.profile().channels());
            // The samples are 0 to 23.
            assertEquals(11.5 / 255, splits.profile().normalization().mean()[0], 1e-6);
            assertEquals(6.9221866 / 255, splits.profile().normalization().std()[0], 1e-6);
            assertEquals(Augmentation.shifted(), splits.profile().augmentation());
        }
    }

    @Test
    void withoutTestFilesAPartIsHeldOut() throws IOException {
        TestPictures.put(folder.resolve("train-images-idx3-ubyte"), images(40, 2, 2));
        int[] labels = new int[40];
        Arrays.setAll(labels, i -> i % 2);
        TestPictures.put(folder.resolve("train-labels-idx1-ubyte"), labels(labels));
        try (DatasetSplits splits = Datasets.open(folder.toString(), options())) {
            assertTrue(splits.validationHeldOut());
            assertEquals(4, splits.validation().size());
        }
    }

    @Test
    void wrongHeadersAndSizesAreRefusedWithTheirPlace() throws IOException {
        Path images = folder.resolve("train-images-idx3-ubyte");
        Path labels = folder.resolve("train-labels-idx1-ubyte");
        TestPictures.put(images, images(4, 2, 2));
        assertTrue(refusal().contains("the labels of train-images-idx3-ubyte are missing"));
        TestPictures.put(labels, labels(0, 1, 0));
        assertTrue(refusal().contains("has 4 images, but train-labels-idx1-ubyte has 3 labels"));
        TestPictures.put(labels, labels(1, 1, 1, 1));
        assertTrue(refusal().contains("all training images have the same label, 1"));
        TestPictures.put(labels, images(4, 2, 2));
        assertTrue(refusal().contains("begins with 0x803 instead of 0x801"));
        TestPictures.put(labels, labels(0, 1, 0, 1));
        TestPictures.put(images, Arrays.copyOf(images(4, 2, 2), 31));
        assertTrue(refusal().contains("the header claims 16 bytes of data, but the file has 31"));
        TestPictures.put(images, Arrays.copyOf(images(4, 2, 2), 10));
        assertTrue(refusal().contains("offset 8: the file ends in its header"));
        byte[] broken = images(4, 2, 2);
        broken[12] = -1;
        TestPictures.put(images, broken);
        assertTrue(refusal().contains("offset 12: 4278190082 columns"));
        Files.delete(images);
        Path packed = folder.resolve("train-images-idx3-ubyte.gz");
        TestPictures.put(packed, Arrays.copyOf(gzip(images(400, 2, 2)), 100));
        assertTrue(refusal().contains(packed.toString()));
        broken = images(4, 2, 2);
        broken[4] = 0x10;
        TestPictures.put(packed, gzip(broken));
        assertTrue(refusal().contains("the header claims 1073741840 bytes"));
        TestPictures.put(packed, images(4, 2, 2));
        assertTrue(refusal().contains("Not in GZIP format"));
    }

    @Test
    void fashionMnistIsKnownByItsFolder() throws IOException {
        Path fashion = folder.resolve("fashion-mnist");
        TestPictures.put(fashion.resolve("train-images-idx3-ubyte"), images(4, 28, 28));
        TestPictures.put(fashion.resolve("train-labels-idx1-ubyte"), labels(0, 9, 0, 9));
        try (DatasetSplits splits = Datasets.open(fashion.toString(), options())) {
            assertEquals("Ankle boot", splits.classes().get(9));
            assertEquals(0.2860f, splits.profile().normalization().mean()[0]);
        }
    }

    @Test
    void theDebianPackageIsFoundByName() throws IOException {
        Path installed = DatasetOptions.DEBIAN_DATASETS.resolve("fashion-mnist");
        Assumptions.assumeTrue(
                Files.isDirectory(installed), "the Debian package dataset-fashion-mnist is not installed");
        DatasetOptions options = options().withDownloadAllowed(false);
        try (DatasetSplits splits = Datasets.open("fashion-mnist", options)) {
            assertEquals(60_000, splits.train().size());
            assertEquals(10_000, splits.validation().size());
            assertEquals("Ankle boot", splits.classes().get(splits.train().label(0)));
            assertEquals(0.2860, ((PixelDataset) splits.train()).meanAndStd()[0], 5e-5);
            assertEquals(0.3530, ((PixelDataset) splits.train()).meanAndStd()[1], 5e-5);
        }
    }
}
