package org.resnet4j.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownDatasetTest {
    private static final Duration NO_PAUSE = Duration.ofMillis(1);

    @TempDir
    private Path folder;

    private FlakyServer server;
    private Downloader downloader;

    @BeforeEach
    void startServer() throws IOException {
        server = new FlakyServer();
        downloader = new Downloader(DownloadProgress.NONE, NO_PAUSE, Duration.ofSeconds(10));
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    private static byte[] content(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 >> 3);
        }
        return bytes;
    }

    private Checksum checksum(byte[] bytes) throws IOException {
        Path file = folder.resolve("to-sum");
        Files.write(file, bytes);
        return Checksum.md5("").of(file);
    }

    @Test
    void aDownloadIsCheckedAndReported() throws IOException {
        byte[] bytes = content(300_000);
        server.serve("/x.bin", bytes);
        var reports = new ArrayList<Long>();
        DownloadProgress progress = (file, done, total) -> {
            assertEquals("x.bin", file);
            assertEquals(300_000, total);
            reports.add(done);
        };
        Path target = folder.resolve("cache/x.bin");
        new Downloader(progress, NO_PAUSE, Duration.ofSeconds(10))
                .download(server.address("x.bin"), target, checksum(bytes));
        assertArrayEquals(bytes, Files.readAllBytes(target));
        assertEquals(300_000, reports.getLast());
        assertFalse(Files.exists(folder.resolve("cache/x.bin.part")));
        int requests = server.requests().size();
        downloader.download(server.address("x.bin"), target, checksum(bytes));
        assertEquals(requests, server.requests().size());
    }

    @Test
    void aBrokenConnectionIsTakenUpWhereItBroke() throws IOException {
        byte[] bytes = content(400_000);
        server.serve("/x.bin", bytes);
        server.breakAfter(90_000);
        Path target = folder.resolve("x.bin");
        downloader.download(server.address("x.bin"), target, checksum(bytes));
        assertArrayEquals(bytes, Files.readAllBytes(target));
        assertTrue(server.requests().size() > 2, server.requests().toString());
        assertEquals("", server.requests().getFirst());
        assertTrue(
                server.requests().get(1).matches("bytes=\\d+-"),
                server.requests().toString());
        assertFalse(server.requests().get(1).equals("bytes=0-"));
    }

    @Test
    void anotherRunContinuesWhatTheFirstOneLeft() throws IOException {
        byte[] bytes = content(50_000);
        server.serve("/x.bin", bytes);
        Files.write(folder.resolve("x.bin.part"), Arrays.copyOf(bytes, 20_000));
        downloader.download(server.address("x.bin"), folder.resolve("x.bin"), checksum(bytes));
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("x.bin")));
        assertEquals(List.of("bytes=20000-"), server.requests());
    }

    @Test
    void whatIsLeftOfAnotherFileIsThrownAway() throws IOException {
        byte[] bytes = content(50_000);
        server.serve("/x.bin", bytes);
        Checksum expected = checksum(bytes);
        Files.write(folder.resolve("x.bin.part"), new byte[20_000]);
        downloader.download(server.address("x.bin"), folder.resolve("x.bin"), expected);
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("x.bin")));
        Files.write(folder.resolve("y.bin.part"), new byte[60_000]);
        downloader.download(server.address("x.bin"), folder.resolve("y.bin"), expected);
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("y.bin")));
    }

    @Test
    void aServerWithoutRangesStartsAnew() throws IOException {
        byte[] bytes = content(50_000);
        server.serve("/x.bin", bytes);
        server.ignoreRanges();
        Files.write(folder.resolve("x.bin.part"), Arrays.copyOf(bytes, 20_000));
        downloader.download(server.address("x.bin"), folder.resolve("x.bin"), checksum(bytes));
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("x.bin")));
    }

    @Test
    void aWrongChecksumLeavesNothingBehind() throws IOException {
        server.serve("/x.bin", content(1000));
        Checksum other = checksum(content(999));
        Path target = folder.resolve("x.bin");
        String message = assertThrows(
                        IOException.class, () -> downloader.download(server.address("x.bin"), target, other))
                .getMessage();
        assertTrue(message.contains("x.bin: what was downloaded is not the expected file"), message);
        assertTrue(message.contains(other.hex()), message);
        assertFalse(Files.exists(target));
        assertEquals(0, Files.size(folder.resolve("x.bin.part")));
    }

    @Test
    void aServerThatRefusesOrIsDownIsReported() throws IOException {
        Path target = folder.resolve("x.bin");
        Checksum any = checksum(new byte[1]);
        String message = assertThrows(
                        IOException.class, () -> downloader.download(server.address("none.bin"), target, any))
                .getMessage();
        assertTrue(message.endsWith("none.bin: the server answered 404"), message);
        assertEquals(1, server.requests().size());
        server.serve("/x.bin", content(10));
        server.fail(503);
        message = assertThrows(IOException.class, () -> downloader.download(server.address("x.bin"), target, any))
                .getMessage();
        assertTrue(message.contains("the server answered 503 (tried 4 times"), message);
        URI nobody = server.address("x.bin");
        server.close();
        message = assertThrows(IOException.class, () -> downloader.download(nobody, target, any))
                .getMessage();
        assertTrue(message.contains("could not be downloaded"), message);
    }

    @Test
    void aSilentServerIsGivenUp() throws IOException {
        byte[] bytes = content(50_000);
        server.serve("/x.bin", bytes);
        server.stallAfter(10_000);
        var impatient = new Downloader(DownloadProgress.NONE, NO_PAUSE, Duration.ofMillis(200));
        impatient.download(server.address("x.bin"), folder.resolve("x.bin"), checksum(bytes));
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("x.bin")));
        assertTrue(server.requests().size() > 1);
    }

    @Test
    void aMissingDatasetIsNotDownloadedWhereThatIsNotAllowed() {
        DatasetOptions options = DatasetOptions.defaults(folder)
                .withSystemFolders(List.of())
                .withDownloadBase(server.address(""))
                .withDownloadAllowed(false);
        String message = assertThrows(InvalidDatasetException.class, () -> Datasets.open("cifar10", options))
                .getMessage();
        assertTrue(message.contains("downloads are not allowed"), message);
        assertEquals(List.of(), server.requests());
    }

    @Test
    void publishedFilesAreRefusedWhenTheirChecksumIsNot() throws IOException {
        server.serve("/train-images-idx3-ubyte.gz", IdxReaderTest.gzip(IdxReaderTest.images(4, 28, 28)));
        DatasetOptions options = DatasetOptions.defaults(folder.resolve("cache"))
                .withSystemFolders(List.of())
                .withDownloadBase(server.address(""));
        String message = assertThrows(IOException.class, () -> Datasets.open("fashion-mnist", options))
                .getMessage();
        assertTrue(message.contains("instead of MD5 8d4fb7e6c68d591d4c3dfef9ec88bf0d"), message);
    }

    @Test
    void anArchiveIsDownloadedUnpackedAndFoundAgain() throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        files.put("set/readme.html", content(700));
        files.put("set/one.bin", content(1024));
        files.put("../set/two.bin", content(5));
        byte[] archive = tarGz(files);
        server.serve("/set.tar.gz", archive);
        var known = new KnownDataset(
                "set",
                URI.create("http://localhost:1/"),
                List.of(new KnownDataset.RemoteFile("set.tar.gz", checksum(archive))),
                Set.of("one.bin", "two.bin"));
        DatasetOptions options = DatasetOptions.defaults(folder.resolve("cache"))
                .withSystemFolders(List.of(folder.resolve("system")))
                .withDownloadBase(server.address(""));
        Path found = known.locateOrDownload(options);
        assertEquals(folder.resolve("cache/set"), found);
        assertArrayEquals(content(1024), Files.readAllBytes(found.resolve("one.bin")));
        assertArrayEquals(content(5), Files.readAllBytes(found.resolve("two.bin")));
        try (Stream<Path> left = Files.list(found)) {
            assertEquals(2, left.count());
        }
        assertEquals(found, known.locateOrDownload(options.withDownloadAllowed(false)));
        assertEquals(1, server.requests().size());
        Files.createDirectories(folder.resolve("system"));
        Files.move(found, folder.resolve("system/set"));
        assertEquals(folder.resolve("system/set"), known.locateOrDownload(options.withDownloadAllowed(false)));
    }

    @Test
    void aDamagedArchiveIsRefused() throws IOException {
        Path archive = folder.resolve("set.tar.gz");
        Files.write(archive, tarGz(Map.of("one.bin", content(2000))));
        String message = assertThrows(IOException.class, () -> TarGz.extract(archive, Set.of("other.bin"), folder))
                .getMessage();
        assertTrue(message.endsWith("set.tar.gz: the archive lacks other.bin"), message);
        byte[] cut = new byte[1200];
        System.arraycopy(tar(Map.of("one.bin", content(2000))), 0, cut, 0, cut.length);
        Files.write(archive, IdxReaderTest.gzip(cut));
        message = assertThrows(IOException.class, () -> TarGz.extract(archive, Set.of("one.bin"), folder))
                .getMessage();
        assertTrue(message.contains("ends in the middle of a file"), message);
        byte[] nonsense = "x".repeat(1024).getBytes(StandardCharsets.US_ASCII);
        Files.write(archive, IdxReaderTest.gzip(nonsense));
        message = assertThrows(IOException.class, () -> TarGz.extract(archive, Set.of("one.bin"), folder))
                .getMessage();
        assertTrue(message.contains("not a tar archive"), message);
    }

    private static byte[] tarGz(Map<String, byte[]> files) throws IOException {
        return IdxReaderTest.gzip(tar(files));
    }

    private static byte[] tar(Map<String, byte[]> files) {
        var out = new ByteArrayOutputStream();
        for (var file : files.entrySet()) {
            byte[] header = new byte[512];
            byte[] name = file.getKey().getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(name, 0, header, 0, name.length);
            byte[] size = String.format("%011o", file.getValue().length).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(size, 0, header, 124, size.length);
            header[156] = '0';
            out.writeBytes(header);
            out.writeBytes(file.getValue());
            out.writeBytes(new byte[(512 - file.getValue().length % 512) % 512]);
        }
        out.writeBytes(new byte[1024]);
        return out.toByteArray();
    }
}
