package org.resnet4j.dataset.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.download.http.Checksum;
import org.resnet4j.download.http.FlakyServer;

class KnownDatasetTest {
    @TempDir
    private Path folder;

    private FlakyServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = new FlakyServer();
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
        return Checksum.of(Checksum.Kind.MD5, file);
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
