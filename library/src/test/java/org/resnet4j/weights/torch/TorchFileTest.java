package org.resnet4j.weights.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.StateDict;
import org.resnet4j.weights.safetensors.SafetensorsFile;
import org.resnet4j.weights.torch.zip.FileRange;
import org.resnet4j.weights.torch.zip.ZipDirectory;

class TorchFileTest {
    /** If this is set, the written file is kept for {@code torch_fixtures.py} to check. */
    private static final String KEPT_FOLDER = "resnet4j.torch.written";

    @TempDir
    private Path folder;

    private static StateDict contents() {
        var tensors = new StateDict();
        Tensor large = Tensor.zeros(3, 50_001);
        for (int i = 0; i < large.size(); i++) {
            large.array()[i] = i * 0.25f - 7;
        }
        tensors.put("z.weight", large);
        tensors.put("bn.num_batches_tracked", Tensor.zeros());
        tensors.put("a.bias", Tensor.wrap(new float[] {Float.NaN, -0f, 1e-45f, Float.NEGATIVE_INFINITY, 99}, row(4)));
        tensors.put("empty", Tensor.zeros(0, 70_000, 70_000));
        tensors.put("ünïcode \"name\"", Tensor.zeros(1, 2, 1, 3));
        return tensors;
    }

    private static Shape row(int extent) {
        return Shape.of(extent);
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        Path file = folder.resolve("x.pth");
        TorchFile.write(file, contents());
        StateDict read = TorchFile.read(file);
        assertEquals(
                List.copyOf(contents().tensors().keySet()),
                List.copyOf(read.tensors().keySet()));
        contents().tensors().forEach((name, tensor) -> TorchFixtures.assertSame(name, tensor.copy(), read.get(name)));
    }

    @Test
    void allFormsOfWritingTheSameTensorsAgree() throws IOException {
        String kept = System.getProperty(KEPT_FOLDER);
        Path place = kept == null ? folder : Path.of(kept);
        var network = new StateDict();
        contents().tensors().forEach((name, tensor) -> network.put(name, tensor.copy()));
        TorchFile.write(place.resolve("written.pth"), network);
        new SafetensorsFile(network).write(place.resolve("written.safetensors"));
        TorchWriter.write(place.resolve("zip64.pth"), network, true);
        new SafetensorsFile(network).write(place.resolve("zip64.safetensors"));
        TorchFixtures.assertSame(
                SafetensorsFile.read(place.resolve("written.safetensors")).tensors(),
                TorchFile.read(place.resolve("zip64.pth")));
    }

    @Test
    void noTensorsAreWrittenAndReadAgain() throws IOException {
        Path file = folder.resolve("none.pth");
        TorchFile.write(file, new StateDict());
        assertEquals(0, TorchFile.read(file).size());
    }

    @Test
    void sameContentsGiveTheSameBytes() throws IOException {
        Path first = folder.resolve("first.pth");
        Path second = folder.resolve("second.pt");
        TorchFile.write(first, contents());
        TorchFile.write(second, contents());
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void writtenFileIsAZipFileWithAlignedContents(boolean zip64) throws IOException {
        Path file = folder.resolve("x.pth");
        TorchWriter.write(file, contents(), zip64);
        var names = new ArrayList<String>();
        // The JDK's reader checks the directory, and reading to the end verifies the checksum.
        try (var zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                names.add(entry.getName());
                byte[] contents = zip.getInputStream(entry).readAllBytes();
                assertEquals(HandMadeZip.checksum(contents), (int) entry.getCrc(), entry.getName());
            }
        }
        assertEquals(
                List.of(
                        "archive/data.pkl",
                        "archive/byteorder",
                        "archive/data/0",
                        "archive/data/1",
                        "archive/data/2",
                        "archive/data/3",
                        "archive/data/4",
                        "archive/version"),
                names);
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ZipDirectory.read(FileRange.of(file, channel))
                    .forEach((name, entry) -> assertEquals(0, entry.data() % 64, name));
        }
    }

    @Test
    void moreEntriesThanFit16BitsAreWrittenAndReadAgain() throws IOException {
        var tensors = new StateDict();
        for (int i = 0; i < 70_000; i++) {
            tensors.put("t" + i, Tensor.wrap(new float[] {i}, row(1)));
        }
        Path file = folder.resolve("many.pth");
        TorchFile.write(file, tensors);
        var seen = new HashMap<String, Float>();
        TorchFile.read(file).tensors().forEach((name, tensor) -> seen.put(name, tensor.array()[0]));
        assertEquals(70_000, seen.size());
        assertEquals(69_999f, seen.get("t69999"));
    }

    @Test
    void whatCannotBeWrittenLeavesTheOldFile() throws IOException {
        Path file = folder.resolve("x.pth");
        TorchFile.write(file, contents());
        byte[] old = Files.readAllBytes(file);
        assertThrows(IOException.class, () -> TorchFile.write(folder.resolve("missing/x.pth"), contents()));
        assertArrayEquals(old, Files.readAllBytes(file));
        assertFalse(Files.exists(folder.resolve("missing")));
    }
}
