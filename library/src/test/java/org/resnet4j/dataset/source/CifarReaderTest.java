package org.resnet4j.dataset.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

    /** Writes the instructions that Python 2 wrote into the published files (protocol 2). */
    private static byte[] pickled(byte[] data, List<Integer> labels) {
        var out = new ByteArrayOutputStream();
        ascii(out, "\u0080\u0002}q\u0001(U\u000bbatch_labelq\u0002U\u0003oneU\u0006labelsq\u0003]q\u0004(");
        for (int label : labels) {
            ascii(out, "K" + (char) label);
        }
        ascii(
                out,
                "eU\u0004dataq\u0005cnumpy.core.multiarray\n"
                        + "_reconstruct\n"
                        + "q\u0006cnumpy\n"
                        + "ndarray\n"
                        + "q\u0007K\u0000\u0085U");
        ascii(
                out,
                "\u0001b\u0087Rq\u0008(K\u0001K" + (char) labels.size() + "M\u0000\u000c\u0086cnumpy\ndtype\nq\u0009U");
        ascii(
                out,
                "\u0002u1K\u0000K\u0001\u0087Rq\n"
                        + "(K\u0003U\u0001|NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\u0000tb\u0089T");
        for (int shift = 0; shift < 32; shift += 8) {
            out.write(data.length >> shift);
        }
        out.writeBytes(data);
        ascii(out, "tbu.");
        return out.toByteArray();
    }

    private static void ascii(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] names(String... names) {
        var out = new ByteArrayOutputStream();
        ascii(out, "\u0080\u0002}q\u0001U\u000blabel_namesq\u0002]q\u0003(");
        for (String name : names) {
            ascii(out, "U" + (char) name.length() + name);
        }
        ascii(out, "es.");
        return out.toByteArray();
    }

    @Test
    void batchesForPythonAreReadAsPlainData() throws IOException {
        Path data = Files.createDirectories(folder.resolve("cifar/cifar-10-batches-py"));
        byte[] pixels = new byte[2 * 3072];
        pixels[0] = (byte) 200; // the first red
        pixels[1024] = 100;
        pixels[2048] = 50;
        Files.write(data.resolve("data_batch_1"), pickled(pixels, List.of(1, 0)));
        Files.write(data.resolve("test_batch"), pickled(new byte[3072], List.of(1)));
        Files.write(data.resolve("batches.meta"), names("cat", "dog"));
        String source = data.getParent().toString();
        try (DatasetSplits splits = Datasets.open(source, options())) {
            assertEquals(List.of("cat", "dog"), splits.classes());
            assertEquals(2, splits.train().size());
            assertEquals(1, splits.validation().size());
            assertEquals(1, splits.train().label(0));
            byte[] samples = splits.train().image(0).samples();
            assertEquals("200 100 50", (samples[0] & 0xff) + " " + samples[1] + " " + samples[2]);
        }
        Files.write(data.resolve("test_batch"), "cos\nsystem\n(U\u0004lsXXtR.".getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(pickleRefusal(source).contains("asks for Python's 'os.system'"), pickleRefusal(source));
        byte[] half = Arrays.copyOf(pickled(new byte[3072], List.of(1)), 900);
        Files.write(data.resolve("test_batch"), half);
        assertTrue(pickleRefusal(source).contains("damaged before byte"), pickleRefusal(source));
    }

    private String pickleRefusal(String source) {
        return String.valueOf(assertThrows(
                        InvalidDatasetException.class,
                        () -> Datasets.open(source, options()).close())
                .getMessage());
    }
}
