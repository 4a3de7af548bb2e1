package org.resnet4j.dataset.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.image.Image;

class CifarPicklesTest {
    private static final int SAMPLES = 3072;

    @TempDir
    private Path folder;

    private Path data;

    @BeforeEach
    void create() throws IOException {
        data = Files.createDirectories(folder.resolve("data").resolve("cifar-10-batches-py"));
    }

    /** Writes the instructions that Python 2 wrote the published files with: protocol 2. */
    private static final class Pickle {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private int memo;

        Pickle raw(String latin1) {
            out.writeBytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
            return this;
        }

        private void number(int value) {
            out.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(value)
                    .array());
        }

        private Pickle put() {
            return raw("q" + (char) memo++);
        }

        Pickle text(String text) {
            return raw("U" + (char) text.length() + text).put();
        }

        Pickle whole(int value) {
            raw("J");
            number(value);
            return this;
        }

        Pickle list(List<Integer> values) {
            raw("]").put().raw("(");
            values.forEach(this::whole);
            return raw("e");
        }

        Pickle texts(List<String> values) {
            raw("]").put().raw("(");
            values.forEach(this::text);
            return raw("e");
        }

        Pickle array(int rows, int columns, byte[] bytes) {
            raw("cnumpy.core.multiarray\n_reconstruct\n").put();
            raw("cnumpy\nndarray\n").put();
            raw("K\0\u0085").text("b").raw("\u0087R").put();
            raw("(K\1").whole(rows).whole(columns).raw("\u0086cnumpy\ndtype\n").put();
            text("u1").raw("K\0K\1\u0087R").put();
            raw("(K\3").text("|").raw("NNN").whole(-1).whole(-1).raw("K\0tb\u0089T");
            number(bytes.length);
            out.writeBytes(bytes);
            return raw("tb");
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }

    private static byte[] planes(int images) {
        byte[] planes = new byte[images * SAMPLES];
        for (int i = 0; i < planes.length; i++) {
            planes[i] = (byte) (i * 31 + i / 251);
        }
        return planes;
    }

    private static byte[] batch(String key, List<Integer> labels, byte[] planes) {
        return new Pickle()
                .raw("\u0080\2}")
                .put()
                .raw("(")
                .text("batch_label")
                .text("training batch 1 of 5")
                .text(key)
                .list(labels)
                .text("data")
                .array(labels.size(), SAMPLES, planes)
                .text("filenames")
                .texts(Collections.nCopies(labels.size(), "a.png"))
                .raw("u.")
                .bytes();
    }

    private static byte[] names(String key, List<String> names) {
        return new Pickle()
                .raw("\u0080\2}")
                .put()
                .raw("(")
                .text(key)
                .texts(names)
                .raw("u.")
                .bytes();
    }

    private DatasetSplits open() throws IOException {
        return Datasets.open(folder.resolve("data").toString(), DatasetOptions.defaults(folder.resolve("cache")));
    }

    private static void assertImage(byte[] planes, int image, Dataset dataset) throws IOException {
        Image decoded = dataset.image(image);
        for (int y = 0; y < 32; y++) {
            for (int x = 0; x < 32; x++) {
                for (int channel = 0; channel < 3; channel++) {
                    int expected = planes[image * SAMPLES + channel * 1024 + y * 32 + x] & 0xff;
                    assertEquals(expected, decoded.samples()[(y * 32 + x) * 3 + channel] & 0xff);
                }
            }
        }
    }

    /** The bytes of a small array are read as a string, those of a large one stay in the file. */
    @ParameterizedTest
    @ValueSource(ints = {2, 400})
    void batchesOfCifar10AreRead(int images) throws IOException {
        byte[] planes = planes(images);
        List<Integer> labels =
                IntStream.range(0, images).mapToObj(i -> (i * 7) % 10).toList();
        Files.write(data.resolve("data_batch_1"), batch("labels", labels, planes));
        Files.write(data.resolve("data_batch_2"), batch("labels", List.of(9), planes(1)));
        Files.write(data.resolve("test_batch"), batch("labels", List.of(3, 8), planes(2)));
        try (DatasetSplits splits = open()) {
            assertEquals(images + 1, splits.train().size());
            assertEquals(2, splits.validation().size());
            assertEquals("airplane", splits.classes().getFirst());
            for (int i = 0; i < images; i++) {
                assertEquals((i * 7) % 10, splits.train().label(i));
            }
            assertEquals(9, splits.train().label(images));
            assertImage(planes, 0, splits.train());
            assertImage(planes, images - 1, splits.train());
        }
    }

    @Test
    void classNamesAreThoseOfTheFile() throws IOException {
        Files.write(data.resolve("data_batch_1"), batch("labels", List.of(1, 1, 2, 2), planes(4)));
        List<String> names = IntStream.range(0, 10).mapToObj(i -> "class " + i).toList();
        Files.write(data.resolve("batches.meta"), names("label_names", names));
        try (DatasetSplits splits = open()) {
            assertEquals(names, splits.classes());
        }
    }

    @Test
    void batchesOfCifar100HaveFineLabels() throws IOException {
        Path hundred = Files.createDirectories(folder.resolve("data").resolve("cifar-100-python"));
        List<String> names = IntStream.range(0, 100).mapToObj(i -> "n" + i).toList();
        Files.write(hundred.resolve("meta"), names("fine_label_names", names));
        Files.write(hundred.resolve("train"), batch("fine_labels", List.of(99, 0), planes(2)));
        Files.write(hundred.resolve("test"), batch("fine_labels", List.of(5), planes(1)));
        try (DatasetSplits splits = open()) {
            assertEquals(names, splits.classes());
            assertEquals(99, splits.train().label(0));
            assertEquals(5, splits.validation().label(0));
        }
    }

    private void refused(byte[] content, String reason) throws IOException {
        Files.write(data.resolve("data_batch_1"), content);
        var thrown = assertThrows(InvalidDatasetException.class, () -> open().close());
        String message = String.valueOf(thrown.getMessage());
        assertTrue(message.contains("data_batch_1") && message.contains(reason), message);
    }

    @Test
    void otherPicklesAreRefusedWithTheReason() throws IOException {
        refused(batch("labels", List.of(1, 10), planes(2)), "label 1 of labels is not a number below");
        refused(batch("labels", List.of(1, -1), planes(2)), "label 1 of labels is not a number below");
        refused(batch("fine_labels", List.of(1, 2), planes(2)), "it has no list labels");
        refused(batch("labels", List.of(1, 2, 3), planes(2)), "data must be an array of bytes [3, 3072]");
        refused(batch("labels", List.of(), planes(0)), "data must be an array of bytes [0, 3072]");
        refused(new Pickle().raw("\u0080\2]q\0.").bytes(), "this is not a batch of CIFAR for Python");
        refused(names("labels", List.of("a")), "label 0 of labels is not a number");
        refused(new byte[0], "incomplete");
        byte[] whole = batch("labels", List.of(1, 2), planes(2));
        refused(Arrays.copyOf(whole, whole.length - 2000), "");
        refused(new Pickle().raw("\u0080\2cos\nsystem\nU\2ls\u0085R.").bytes(), "os.system");
    }

    /** A file that ends anywhere is refused, never half read. */
    @Test
    void truncatedBatchesAreRefused() throws IOException {
        byte[] whole = batch("labels", List.of(1, 2), planes(2));
        for (int length = 0; length < whole.length; length += 97) {
            refused(Arrays.copyOf(whole, length), "");
        }
    }
}
