package org.resnet4j.dataset.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.run.DatasetFingerprint;

class PictureSourcesTest {
    @TempDir
    private Path folder;

    private DatasetOptions options() {
        return DatasetOptions.defaults(folder.resolve("cache")).withSystemFolders(List.of());
    }

    private static List<String> origins(Dataset dataset) {
        return IntStream.range(0, dataset.size()).mapToObj(dataset::origin).toList();
    }

    private String refusal(String source) {
        return assertThrows(
                        InvalidDatasetException.class,
                        () -> Datasets.open(source, options()).close())
                .getMessage();
    }

    private Path data() {
        return folder.resolve("data");
    }

    private void fill(String className, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            TestPictures.put(data().resolve(className).resolve(i + ".png"), TestPictures.png(4, 3, i));
        }
    }

    @Test
    void classesAreTheFoldersSortedByName() throws IOException {
        fill("zebra", 10);
        fill("ant", 20);
        TestPictures.put(data().resolve("ant/deeper/x.JPG"), TestPictures.jpeg(8, 8, 3));
        TestPictures.put(data().resolve("ant/Thumbs.db"), new byte[3]);
        TestPictures.put(data().resolve("ant/notes.txt"), new byte[3]);
        TestPictures.put(data().resolve(".cache/y.png"), new byte[3]);
        try (DatasetSplits splits = Datasets.open(data().toString(), options())) {
            assertEquals(List.of("ant", "zebra"), splits.classes());
            assertTrue(splits.validationHeldOut());
            assertEquals(31, splits.train().size() + splits.validation().size());
            assertEquals(3, splits.validation().size());
            assertEquals(null, splits.profile().imageSize());
            Dataset train = splits.train();
            for (int i = 0; i < train.size(); i++) {
                assertTrue(train.origin(i).startsWith(train.classes().get(train.label(i)) + "/"));
            }
            assertEquals(4, train.image(0).width());
        }
    }

    @Test
    void theHeldOutPartIsStratifiedAndDependsOnTheSeed() throws IOException {
        fill("a", 40);
        fill("b", 10);
        fill("c", 2);
        String source = data().toString();
        try (DatasetSplits first = Datasets.open(source, options());
                DatasetSplits again = Datasets.open(source, options());
                DatasetSplits other = Datasets.open(source, options().withSeed(1));
                DatasetSplits half = Datasets.open(source, options().withValidationFraction(0.5))) {
            assertEquals(origins(first.validation()), origins(again.validation()));
            assertFalse(origins(first.validation()).equals(origins(other.validation())));
            int[] held = new int[3];
            for (int i = 0; i < first.validation().size(); i++) {
                held[first.validation().label(i)]++;
            }
            assertEquals("[4, 1, 1]", Arrays.toString(held));
            assertEquals(26, half.validation().size());
            var all = new HashSet<>(origins(first.train()));
            all.addAll(origins(first.validation()));
            assertEquals(52, all.size());
        }
    }

    @Test
    void trainAndValFoldersAreUsedAsTheyAre() throws IOException {
        for (String validation : List.of("val", "valid", "Validation", "test")) {
            Path root = folder.resolve("with-" + validation);
            for (String name : List.of("cat", "dog")) {
                TestPictures.put(root.resolve("top/train").resolve(name).resolve("1.png"), TestPictures.png(2, 2, 1));
                TestPictures.put(
                        root.resolve("top").resolve(validation).resolve(name).resolve("2.png"),
                        TestPictures.png(2, 2, 2));
            }
            try (DatasetSplits splits = Datasets.open(root.toString(), options())) {
                assertFalse(splits.validationHeldOut());
                assertEquals(List.of("top/train/cat/1.png", "top/train/dog/1.png"), origins(splits.train()));
                assertEquals(
                        List.of("top/" + validation + "/cat/2.png", "top/" + validation + "/dog/2.png"),
                        origins(splits.validation()));
            }
            try (Dataset scored = Datasets.openForEvaluation(root.toString(), options())) {
                assertEquals(2, scored.size());
                assertTrue(scored.origin(0).contains(validation));
            }
        }
    }

    @Test
    void aPictureThatVanishesIsUnreadableAndNoFailureOfAll() throws IOException {
        fill("ant", 3);
        fill("bee", 3);
        try (DatasetSplits splits = Datasets.open(data().toString(), options())) {
            String gone = splits.train().origin(0);
            Files.delete(data().resolve(gone));
            var thrown = assertThrows(
                    UnreadableImageException.class, () -> splits.train().image(0));
            assertEquals(data().resolve(gone) + ": the file no longer exists", thrown.getMessage());
        }
    }

    /** Independent of the encoding of file names: in none of them is the byte 255 a character by itself. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aNameWithBytesThatAreNoCharactersIsRefusedWithItsFolder() throws Exception {
        fill("ant", 3);
        fill("bee", 3);
        shell("cp 1.png b$'\\377'.png", data().resolve("bee"));
        String message = refusal(data().toString());
        assertTrue(message.contains("in the folder '" + data().resolve("bee") + "'"), message);
        assertTrue(message.contains("not valid in"), message);
        shell("rm b*.png; cd ..; mkdir c$'\\377'; cp bee/1.png c*", data().resolve("bee"));
        message = refusal(data().toString());
        assertTrue(message.contains("in the folder '" + data() + "'"), message);
    }

    private static void shell(String command, Path folder) throws Exception {
        Process process = new ProcessBuilder("bash", "-c", command)
                .directory(folder.toFile())
                .inheritIO()
                .start();
        assertEquals(0, process.waitFor());
    }

    @Test
    void aByteThatChangedIsAnotherContent() throws IOException {
        fill("ant", 2);
        fill("bee", 2);
        try (DatasetSplits first = Datasets.open(data().toString(), options())) {
            var before = DatasetFingerprint.of(first);
            assertEquals("ant, bee", before.get("classes"));
            byte[] changed = Files.readAllBytes(data().resolve("ant/0.png"));
            changed[changed.length - 1]++;
            Files.write(data().resolve("ant/0.png"), changed);
            try (DatasetSplits second = Datasets.open(data().toString(), options())) {
                var after = DatasetFingerprint.of(second);
                assertEquals(before.keySet(), after.keySet());
                long different = before.keySet().stream()
                        .filter(name -> !before.get(name).equals(after.get(name)))
                        .count();
                assertEquals(1, different, before + " and " + after);
            }
        }
    }

    @Test
    void aClassMayBeCalledTrain() throws IOException {
        fill("plane", 3);
        fill("train", 3);
        try (DatasetSplits splits = Datasets.open(data().toString(), options())) {
            assertEquals(List.of("plane", "train"), splits.classes());
        }
    }

    @Test
    void differentClassesToTrainAndToValidateAreRefused() throws IOException {
        fill("train/cat", 1);
        fill("train/dog", 1);
        fill("val/cat", 1);
        fill("val/cow", 1);
        String message = refusal(data().toString());
        assertTrue(message.contains("only in train/: dog"), message);
        assertTrue(message.contains("only in val/: cow"), message);
    }

    @Test
    void whatIsNoDatasetIsRefusedWithTheReason() throws IOException {
        String missing = folder.resolve("missing").toString();
        assertEquals(
                missing + ": no such file or folder; known by name are fashion-mnist, cifar10, cifar100, synthetic",
                refusal(missing));
        Files.createDirectories(data());
        assertTrue(refusal(data().toString()).contains("no class folders"));
        fill("alone", 2);
        assertTrue(refusal(data().toString()).contains("only one class folder, 'alone'"));
        Files.createDirectories(data().resolve("hollow"));
        assertTrue(refusal(data().toString()).contains("class folder 'hollow' holds no picture"));
        Path text = folder.resolve("text.zip");
        Files.writeString(text, "no zip");
        assertTrue(refusal(text.toString()).endsWith("neither a folder nor a zip file"));
        Files.writeString(text, "PK but no zip");
        assertTrue(refusal(text.toString()).contains("cannot be read as a zip file"));
    }

    @Test
    void aZipIsReadInPlaceWithoutClutter() throws IOException {
        var entries = new LinkedHashMap<String, byte[]>();
        entries.put("set/", new byte[0]);
        for (int i = 0; i < 5; i++) {
            entries.put("set/dog/" + i + ".jpg", TestPictures.jpeg(16, 8, 40 * i));
            entries.put("set/cat/" + i + ".png", TestPictures.png(8, 16, 10 * i));
            entries.put("__MACOSX/set/cat/._" + i + ".png", new byte[7]);
        }
        entries.put("set/.DS_Store", new byte[2]);
        entries.put("set/readme.txt", new byte[2]);
        Path zip = TestPictures.zip(folder.resolve("set.zip"), entries);
        try (DatasetSplits splits = Datasets.open(zip.toString(), options())) {
            assertEquals(List.of("cat", "dog"), splits.classes());
            assertEquals(8, splits.train().size());
            assertEquals(2, splits.validation().size());
        }
        try (Dataset all = Datasets.openForEvaluation(zip.toString(), options())) {
            assertEquals("set/cat/3.png", all.origin(3));
            assertEquals(30, all.image(3).samples()[0]);
            assertEquals(16, all.image(9).width());
        }
    }

    @Test
    void threadsReadOneZipAtTheSameTime() throws IOException {
        var entries = new LinkedHashMap<String, byte[]>();
        for (int i = 0; i < 120; i++) {
            entries.put((i % 2 == 0 ? "a/" : "b/") + i + ".png", TestPictures.png(5, 5, i));
        }
        Path zip = TestPictures.zip(folder.resolve("many.zip"), entries);
        try (Dataset all = Datasets.openForEvaluation(zip.toString(), options())) {
            var wrong = new TreeSet<String>();
            IntStream.range(0, 1200).parallel().forEach(i -> {
                int index = i % all.size();
                try {
                    int expected = Integer.parseInt(all.origin(index).replaceAll("\\D", ""));
                    if ((all.image(index).samples()[0] & 0xff) != expected) {
                        throw new IllegalStateException("another picture");
                    }
                } catch (IOException | IllegalStateException failure) {
                    synchronized (wrong) {
                        wrong.add(all.origin(index) + " " + failure);
                    }
                }
            });
            assertEquals(new TreeSet<>(), wrong);
        }
    }

    @Test
    void aZipThatWantsOutOfItsFolderIsRefused() throws IOException {
        for (String name : List.of("../evil/x.png", "a/../../x.png", "/etc/x.png", "C:/x/y.png", "a/..\\x.png")) {
            Path zip = TestPictures.zip(
                    folder.resolve("evil.zip"),
                    Map.of(name, new byte[1], "a/1.png", new byte[1], "b/2.png", new byte[1]));
            String message = refusal(zip.toString());
            assertTrue(message.contains("'" + name + "' does not have a plain relative path"), message);
        }
    }

    @Test
    void aZipEntryThatSwellsTooMuchIsRefused() throws IOException {
        Path zip = TestPictures.zip(
                folder.resolve("bomb.zip"), Map.of("a/1.png", new byte[20 << 20], "b/2.png", new byte[1]));
        String message = refusal(zip.toString());
        assertTrue(message.contains("'a/1.png' expands from"), message);
    }

    @Test
    void aDamagedZipEntryNamesItself() throws IOException {
        byte[] picture = TestPictures.png(9, 9, 1);
        var entries = new LinkedHashMap<String, byte[]>();
        entries.put("a/1.png", picture);
        entries.put("b/2.png", "0123456789012345678901234567890123456789".getBytes(StandardCharsets.US_ASCII));
        Path zip = TestPictures.zip(folder.resolve("damaged.zip"), entries);
        byte[] bytes = Files.readAllBytes(zip);
        // Local header: 30 bytes and the name; then the deflated data of the first entry.
        int dataStart = 30 + "a/1.png".length();
        bytes[dataStart + 20] ^= 0x55;
        Files.write(zip, bytes);
        try (Dataset all = Datasets.openForEvaluation(zip.toString(), options())) {
            String message = assertThrows(IOException.class, () -> all.image(0)).getMessage();
            assertTrue(message.contains("a/1.png"), message);
            message = assertThrows(IOException.class, () -> all.image(1)).getMessage();
            assertTrue(message.contains("b/2.png"), message);
        }
    }

    @Test
    void anotherSourceMayValidate() throws IOException {
        fill("a", 3);
        fill("b", 3);
        Path other = folder.resolve("other");
        TestPictures.put(other.resolve("a/v.png"), TestPictures.png(2, 2, 1));
        TestPictures.put(other.resolve("b/w.png"), TestPictures.png(2, 2, 1));
        try (DatasetSplits splits = Datasets.open(data().toString(), other.toString(), options())) {
            assertEquals(6, splits.train().size());
            assertEquals(List.of("a/v.png", "b/w.png"), origins(splits.validation()));
        }
        TestPictures.put(other.resolve("c/w.png"), TestPictures.png(2, 2, 1));
        String message = assertThrows(
                        InvalidDatasetException.class,
                        () -> Datasets.open(data().toString(), other.toString(), options())
                                .close())
                .getMessage();
        assertTrue(message.contains("do not have the same classes; only in " + other + ": c"), message);
    }

    @Test
    void setsWithinFoldersOfTheirOwnNameAreFound() throws IOException {
        for (String name : List.of("cats", "dogs")) {
            TestPictures.put(
                    data().resolve("training_set/training_set").resolve(name).resolve("1.png"),
                    TestPictures.png(2, 2, 1));
            TestPictures.put(
                    data().resolve("test_set/test_set").resolve(name).resolve("2.png"), TestPictures.png(2, 2, 2));
        }
        try (DatasetSplits splits = Datasets.open(data().toString(), options())) {
            assertEquals(List.of("cats", "dogs"), splits.classes());
            assertFalse(splits.validationHeldOut());
            assertEquals("training_set/training_set/cats/1.png", splits.train().origin(0));
            assertEquals("test_set/test_set/cats/2.png", splits.validation().origin(0));
        }
    }

    /** A class with subfolders is not a wrapper: only a folder of the same name is. */
    @Test
    void oneClassWithFoldersBelowIsNotTakenForItsFolders() throws IOException {
        TestPictures.put(data().resolve("train/cat/a/1.png"), TestPictures.png(2, 2, 1));
        TestPictures.put(data().resolve("train/cat/b/1.png"), TestPictures.png(2, 2, 1));
        assertTrue(refusal(data().toString()).contains("only one class folder in 'train', 'cat'"));
    }

    @Test
    void oneClassIsEnoughToBeMeasured() throws IOException {
        fill("cat", 3);
        try (Dataset dataset = Datasets.openForEvaluation(data().toString(), options())) {
            assertEquals(List.of("cat"), dataset.classes());
            assertEquals(3, dataset.size());
        }
    }

    @Test
    void classesAreCalledTheSameWhicheverSystemWroteTheirFolders() throws IOException {
        String composed = "ma\u00e7\u00e3";
        String decomposed = "mac\u0327a\u0303";
        fill(decomposed, 2);
        fill("uva", 2);
        try (DatasetSplits splits = Datasets.open(data().toString(), options())) {
            assertEquals(List.of(composed, "uva"), splits.classes());
            splits.train().image(0);
        }
        fill(composed, 2);
        assertTrue(refusal(data().toString()).contains("in two forms of Unicode"), refusal(data().toString()));
    }

    /** Windows Explorer writes names in the DOS code page, without the flag for UTF-8. */
    @Test
    void namesInAZipMayBeInTheCodePageOfDos() throws IOException {
        Path zip = folder.resolve("dos.zip");
        try (var out = new ZipOutputStream(Files.newOutputStream(zip), Charset.forName("IBM850"))) {
            for (String name : List.of("ma\u00e7\u00e3", "uva")) {
                for (int i = 0; i < 3; i++) {
                    out.putNextEntry(new ZipEntry("./" + name + "/" + i + ".png"));
                    out.write(TestPictures.png(4, 3, i));
                }
            }
        }
        try (DatasetSplits splits = Datasets.open(zip.toString(), options())) {
            assertEquals(List.of("ma\u00e7\u00e3", "uva"), splits.classes());
            assertEquals(4, splits.train().image(0).width());
            assertTrue(
                    splits.remarks()
                            .getFirst()
                            .contains("read in the code page of DOS (850), for example ma\u00e7\u00e3/0.png"),
                    splits.remarks().toString());
        }
    }

    /** The folder paths of a name of 64 KB once took a gigabyte. */
    @Test
    void aZipOfFoldersWithoutEndIsRefused() throws IOException {
        Path zip = folder.resolve("deep.zip");
        try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("a/".repeat(30_000) + "1.png"));
            out.write(TestPictures.png(4, 3, 1));
        }
        String message = refusal(zip.toString());
        assertTrue(message.contains("is more than 64 folders deep") && message.length() < 300, message);
    }

    @Test
    void picturesWithoutADecoderAndBrokenLinksAreCountedAsSkipped() throws IOException {
        fill("cat", 3);
        fill("dog", 3);
        TestPictures.put(data().resolve("cat/a.HEIC"), new byte[3]);
        TestPictures.put(data().resolve("dog/b.avif"), new byte[3]);
        TestPictures.put(data().resolve("dog/notes.txt"), new byte[3]);
        TestPictures.put(data().resolve("dog/.hidden.png"), new byte[3]);
        TestPictures.put(data().resolve("Thumbs.db"), new byte[3]);
        Files.createSymbolicLink(data().resolve("dog/c.jpg"), Path.of("nowhere.jpg"));
        try (DatasetSplits splits = Datasets.open(data().toString(), options())) {
            assertEquals(6, splits.train().size() + splits.validation().size());
            SkippedSamples skipped = splits.train().passedOver();
            assertEquals(3, skipped.count());
            assertEquals(
                    "cat/a.HEIC: HEIC is not supported; convert it to JPEG",
                    skipped.examples().getFirst());
            assertTrue(skipped.examples().contains("dog/c.jpg: a link to a file that does not exist"));
            assertEquals(0, splits.validation().passedOver().count());
            assertEquals(
                    "{.avif, not supported=1, .heic, not supported=1, .txt=1, broken links=1, hidden=1,"
                            + " of the operating system=1}",
                    splits.otherFiles().toString());
            assertThrows(InvalidDatasetException.class, skipped::requireNone);
        }
        try (Dataset all = Datasets.openForEvaluation(data().toString(), options())) {
            assertEquals(3, all.passedOver().count());
        }
    }
}
