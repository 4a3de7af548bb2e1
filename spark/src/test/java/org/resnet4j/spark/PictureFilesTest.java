package org.resnet4j.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.spark.SparkException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.dataset.InvalidDatasetException;

class PictureFilesTest {
    @TempDir
    private Path folder;

    private SparkSession spark;

    @BeforeEach
    void start() {
        spark = Sessions.local();
    }

    private Path put(String path, byte[] bytes) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    private Path zip(Map<String, byte[]> entries) throws IOException {
        return zip(entries, StandardCharsets.UTF_8);
    }

    private Path zip(Map<String, byte[]> entries, Charset names) throws IOException {
        Path file = folder.resolve("pictures.zip");
        try (OutputStream out = Files.newOutputStream(file);
                var zip = new ZipOutputStream(out, names)) {
            for (var entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }

    private String target() {
        return folder.resolve("parquet").toString();
    }

    private List<Row> written() {
        return spark.read().parquet(target()).orderBy("path").collectAsList();
    }

    @Test
    void classFoldersBecomeLabeledRows() throws Exception {
        put("pets/dog/deep/1.png", Samples.png(1));
        put("pets/cat/2.PNG", Samples.png(2));
        put("pets/cat/3.webp", Samples.picture("lossy.webp"));
        put("pets/cat/notes.txt", new byte[9]);
        put("pets/cat/.hidden.png", Samples.png(4));
        put("pets/__MACOSX/cat/5.png", Samples.png(5));
        assertEquals(3, PictureFiles.toParquet(spark, folder.resolve("pets").toString(), target()));
        List<Row> rows = written();
        assertEquals(
                List.of("path", "content", "label"),
                List.of(rows.getFirst().schema().fieldNames()));
        assertEquals(3, rows.size());
        assertEquals(
                List.of("cat", "cat", "dog"),
                rows.stream().map(row -> row.getString(2)).toList());
        assertEquals("file:" + folder.resolve("pets/cat/2.PNG"), rows.getFirst().getString(0));
        assertArrayEquals(Samples.png(2), rows.getFirst().getAs("content"));
        assertArrayEquals(Samples.png(1), rows.getLast().getAs("content"));
    }

    @Test
    void aZipWithTwoSetsHasTheColumnSplit() throws Exception {
        var entries = new LinkedHashMap<String, byte[]>();
        entries.put("pets/", new byte[0]);
        entries.put("pets/train/cat/1.png", Samples.png(1));
        entries.put("pets/train/dog\\2.png", Samples.png(2));
        entries.put("pets/val/dog/3.png", Samples.png(3));
        entries.put("pets/val/cat/4.png", Samples.png(4));
        entries.put("pets/val/.git/5.png", Samples.png(5));
        Path zip = zip(entries);
        assertEquals(4, PictureFiles.toParquet(spark, zip.toString(), target()));
        List<Row> rows = written();
        assertEquals(4, rows.size());
        assertEquals("file:" + zip + "!/pets/train/cat/1.png", rows.getFirst().getString(0));
        for (int i = 0; i < 4; i++) {
            Row row = rows.get(i);
            int number = List.of(1, 2, 4, 3).get(i);
            assertArrayEquals(Samples.png(number), row.getAs("content"));
            assertEquals(number <= 2 ? "train" : "validation", row.getAs("split"));
            assertEquals(number == 1 || number == 4 ? "cat" : "dog", row.getAs("label"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "IBM850"})
    void namesInAZipAreInUtf8OrInTheDosCodePage(String charset) throws Exception {
        Path zip =
                zip(Map.of("caf\u00e9/1.png", Samples.png(1), "tea/2.png", Samples.png(2)), Charset.forName(charset));
        assertEquals(2, PictureFiles.toParquet(spark, zip.toString(), target()));
        assertEquals(
                List.of("caf\u00e9", "tea"),
                written().stream().map(row -> row.getString(2)).toList());
    }

    @Test
    void picturesWithoutFoldersHaveNoLabel() throws Exception {
        put("flat/1.png", Samples.png(1));
        put("flat/2.png", Samples.png(2));
        assertEquals(2, PictureFiles.toParquet(spark, folder.resolve("flat").toString(), target()));
        assertTrue(written().stream().allMatch(row -> row.isNullAt(2)));
    }

    @Test
    void largeSourcesAreDividedIntoFiles() throws Exception {
        byte[] large = new byte[40 << 20];
        for (int i = 0; i < 5; i++) {
            put("large/a/" + i + ".bmp", large);
        }
        assertEquals(5, PictureFiles.toParquet(spark, folder.resolve("large").toString(), target()));
        Dataset<Row> rows = spark.read().parquet(target());
        assertEquals(2, rows.inputFiles().length);
        assertEquals(5, rows.filter("length(content) = " + large.length).count());
    }

    @Test
    void unusableSourcesAreRejected() throws Exception {
        put("here/cat/1.png", Samples.png(1));
        Files.createDirectories(folder.resolve("here/dog"));
        assertMessage("class folder 'dog' holds no picture", folder.resolve("here"));
        assertMessage("there is no such file or folder", folder.resolve("nowhere"));
        assertMessage("it has no picture", Files.createDirectories(folder.resolve("empty")));
        assertMessage("neither a folder nor a zip file", put("text.zip", "text".getBytes(StandardCharsets.UTF_8)));
        Files.createSymbolicLink(
                Files.createDirectories(folder.resolve("round/a")).resolve("a"), folder.resolve("round"));
        assertMessage("is there a link to a folder above it? a/a/a", folder.resolve("round"));
        Files.createDirectories(Path.of(target()));
        var taken = assertThrows(
                FileAlreadyExistsException.class,
                () -> PictureFiles.toParquet(spark, folder.resolve("here").toString(), target()));
        assertTrue(taken.getMessage().contains("exists already"), taken.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../cat/1.png", "/cat/1.png", "C:/cat/1.png", "cat//1.png"})
    void pathsThatLeaveAZipAreRejected(String entry) throws Exception {
        assertMessage("does not have a plain relative path", zip(Map.of(entry, Samples.png(1))));
    }

    @Test
    void entriesThatExpandSuspiciouslyAreRejected() throws Exception {
        assertMessage("the zip file may be malicious", zip(Map.of("cat/1.bmp", new byte[40 << 20])));
    }

    private void assertMessage(String expected, Path source) {
        var failure = assertThrows(
                InvalidDatasetException.class, () -> PictureFiles.toParquet(spark, source.toString(), target()));
        assertTrue(failure.getMessage().contains(expected), failure.getMessage());
    }

    @Test
    void aDamagedEntryIsNamed() throws Exception {
        Path zip = zip(Map.of("cat/1.png", Samples.png(1)));
        byte[] bytes = Files.readAllBytes(zip);
        bytes[300] ^= 1;
        Files.write(zip, bytes);
        var failure = assertThrows(SparkException.class, () -> PictureFiles.toParquet(spark, zip.toString(), target()));
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        assertTrue(cause.getMessage().contains("entry 'cat/1.png'"), cause.getMessage());
    }
}
