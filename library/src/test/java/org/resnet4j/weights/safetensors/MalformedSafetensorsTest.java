package org.resnet4j.weights.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.file.FreshFile;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;

/** One file for each rule of the format, each rejected with a message that names the error; then random damage. */
class MalformedSafetensorsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        []                                                                          | 0 | does not start with '{'
        {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}                       | 4 | the header is not JSON:
        {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}x                     | 4 | the header is not JSON:
        {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}{}                    | 4 | data follows
        {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | 8 | Duplicate
        {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\\u0061":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | 8 | Duplicate
        {"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}        | 4 | Duplicate
        {"__metadata__":{},"__metadata__":{}}                                       | 0 | Duplicate
        {"__metadata__":{"k":1}}                                                    | 0 | `__metadata__ entry 'k' must be a string`
        {"__metadata__":[]}                                                         | 0 | __metadata__ must be an object
        {"a":4}                                                                     | 0 | `tensor 'a' must be an object`
        {"a":null}                                                                  | 0 | not null
        {"a":{"dtype":"F32","shape":[1]}}                                           | 4 | lacks data_offsets
        {"a":{}}                                                                    | 0 | lacks dtype, shape, data_offsets
        {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"stride":[1]}}         | 4 | unknown field 'stride'
        {"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}                      | 4 | dtype 'F31'
        {"a":{"dtype":4,"shape":[1],"data_offsets":[0,4]}}                          | 4 | dtype must be a string
        {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}                      | 4 | needs 8 bytes
        {"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}                     | 4 | out of range
        {"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}                    | 4 | not a fraction
        {"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}                    | 4 | not a string
        {"a":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}}                    | 4 | not an array
        {"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}  | 0 | has more than 2147483647
        {"a":{"dtype":"F32","shape":[65536,65536],"data_offsets":[0,0]}}            | 0 | has more than 2147483647
        {"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}   | 4 | out of range
        {"a":{"dtype":"F32","shape":[999999999999999999999999],"data_offsets":[0,4]}} | 4 | the header is not JSON:
        {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}                      | 4 | expected [begin, end]
        {"a":{"dtype":"F32","shape":[1],"data_offsets":[4]}}                        | 4 | expected [begin, end]
        {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}                    | 4 | more than 2 numbers
        {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}                      | 8 | with a gap
        {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | 8 | inside
        {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | 4 | inside
        {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}                      | 7 | truncated
        {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}                      | 5 | 1 bytes follow
        {}                                                                          | 1 | 1 bytes follow
        """)
    void brokenHeaderIsRefused(String header, int dataBytes, String reason) throws IOException {
        Path path = file(header.getBytes(StandardCharsets.UTF_8), dataBytes);
        MalformedFileException thrown = assertThrows(MalformedFileException.class, () -> SafetensorsFile.read(path));
        assertTrue(thrown.getMessage().startsWith(path.toString()), thrown.getMessage());
        assertTrue(thrown.reason().contains(reason), thrown.reason());
        assertTrue(thrown.offset().orElseThrow() <= Files.size(path), () -> "offset " + thrown.offset());
        assertThrows(MalformedFileException.class, () -> SafetensorsFile.readMetadata(path));
    }

    @Test
    void lengthIsCheckedBeforeMemoryIsTaken() throws IOException {
        for (long length : new long[] {100_000_001, Long.MAX_VALUE, -1, 100_000_000, 3}) {
            ByteBuffer bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
            bytes.putLong(length).put((byte) '{').put((byte) '}');
            Path path = Files.write(folder.resolve("length.safetensors"), bytes.array());
            assertThrows(MalformedFileException.class, () -> SafetensorsFile.read(path), () -> "length " + length);
        }
    }

    @Test
    void shortFilesAreRefused() throws IOException {
        for (int length = 0; length < 9; length++) {
            Path path = Files.write(folder.resolve("short.safetensors"), new byte[length]);
            assertThrows(MalformedFileException.class, () -> SafetensorsFile.read(path));
        }
    }

    @Test
    void leadingSpaceAndByteOrderMarkAndOtherEncodingsAreRefused() throws IOException {
        assertRefused(" {}".getBytes(StandardCharsets.UTF_8));
        assertRefused("\uFEFF{}".getBytes(StandardCharsets.UTF_8));
        assertRefused("{}".getBytes(StandardCharsets.UTF_16LE));
        assertRefused("{\"__metadata__\":{\"k\":\"é\"}}".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void trailingSpacesAreAllowed() throws IOException {
        Path path = file("{}      ".getBytes(StandardCharsets.UTF_8), 0);
        assertEquals(0, SafetensorsFile.read(path).tensors().size());
    }

    @Test
    void deepNestingIsRefused() throws IOException {
        assertRefused(("{\"a\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void missingFileAndFolderAreNamed() {
        Path missing = folder.resolve("missing");
        assertThrows(NoSuchFileException.class, () -> SafetensorsFile.read(missing));
        IOException thrown = assertThrows(IOException.class, () -> SafetensorsFile.read(folder));
        assertTrue(thrown.getMessage().contains("is a folder"), thrown.getMessage());
    }

    @Test
    void everyCutOfAFileIsRefused() throws IOException {
        byte[] good = goodFile();
        for (int length = 0; length < good.length; length++) {
            Path path = folder.resolve("cut.safetensors");
            FreshFile.write(path, Arrays.copyOf(good, length));
            assertThrows(MalformedFileException.class, () -> SafetensorsFile.read(path));
        }
    }

    @Test
    void randomDamageGivesAMessageOrAFile() throws IOException {
        byte[] good = goodFile();
        var random = new Random(20260101);
        int refused = 0;
        for (int round = 0; round < 1500; round++) {
            Path path = FreshFile.write(folder.resolve("damaged.safetensors"), damaged(good, random));
            try {
                SafetensorsFile file = SafetensorsFile.read(path);
                long floats = file.tensors().tensors().values().stream()
                        .mapToLong(Tensor::size)
                        .sum();
                assertTrue(floats <= Files.size(path), "more elements than bytes");
            } catch (MalformedFileException expected) {
                refused++;
            }
        }
        assertTrue(refused > 400, "only " + refused + " of 1500 damaged files were refused");
    }

    private byte[] goodFile() throws IOException {
        var tensors = new StateDict();
        tensors.put("layer1.0.conv1.weight", Tensor.zeros(2, 3, 1, 1));
        tensors.put("empty", Tensor.zeros(0));
        tensors.put("scalar", Tensor.zeros());
        Path path = folder.resolve("good.safetensors");
        new SafetensorsFile(tensors, Map.of("format", "pt")).write(path);
        return Files.readAllBytes(path);
    }

    private static byte[] damaged(byte[] good, Random random) {
        byte[] bytes = good.clone();
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times; i++) {
            int place = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[place] = (byte) random.nextInt(256);
                case 1 -> bytes[place] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes[place] = (byte) "0123456789{}[]\",:-".charAt(random.nextInt(18));
                default -> {
                    int from = random.nextInt(bytes.length);
                    int length = Math.min(random.nextInt(12), bytes.length - Math.max(from, place));
                    System.arraycopy(bytes, from, bytes, place, length);
                }
            }
        }
        return bytes;
    }

    private void assertRefused(byte[] header) throws IOException {
        Path path = file(header, 0);
        assertThrows(MalformedFileException.class, () -> SafetensorsFile.read(path));
    }

    private Path file(byte[] header, int dataBytes) throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .array());
        bytes.writeBytes(header);
        bytes.writeBytes(new byte[dataBytes]);
        return FreshFile.write(folder.resolve("bad.safetensors"), bytes.toByteArray());
    }
}
