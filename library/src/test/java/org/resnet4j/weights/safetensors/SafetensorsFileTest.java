package org.resnet4j.weights.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.StateDict;

/** The fixtures come from src/test/python/safetensors_fixtures.py. */
class SafetensorsFileTest {
    @TempDir
    Path folder;

    @Test
    void readsWhatPythonWrote() throws IOException {
        SafetensorsFile file = SafetensorsFile.read(fixture("float32.safetensors"));
        assertEquals(Map.of("format", "pt", "note", "quote \" and ünïcode"), file.metadata());
        assertEquals(
                List.of("conv1.weight", "empty", "fc.bias", "scalar"),
                List.copyOf(file.tensors().tensors().keySet()));
        Tensor convolution = tensor(file, "conv1.weight");
        assertEquals(Shape.of(2, 3, 2, 2), convolution.shape());
        for (int i = 0; i < 24; i++) {
            assertEquals(i / 7f, convolution.array()[i]);
        }
        assertEquals(Shape.of(0, 3), tensor(file, "empty").shape());
        assertArrayEquals(
                new float[] {Float.POSITIVE_INFINITY, -0f, Float.MIN_VALUE, Float.MAX_VALUE},
                tensor(file, "fc.bias").array());
        assertEquals(Shape.of(), tensor(file, "scalar").shape());
        assertEquals(2.5f, tensor(file, "scalar").array()[0]);
    }

    @Test
    void writesTheBytesThatPythonWrites() throws IOException {
        Path python = fixture("float32.safetensors");
        Path java = folder.resolve("java.safetensors");
        SafetensorsFile.read(python).write(java);
        assertArrayEquals(Files.readAllBytes(python), Files.readAllBytes(java));
    }

    @Test
    void everyTypeBecomesTheNearestFloat() throws IOException {
        SafetensorsFile file = SafetensorsFile.read(fixture("types.safetensors"));
        assertEquals(12, file.tensors().size());
        assertValues(file, "f64", 0.1f, Float.NEGATIVE_INFINITY, 0, 3, Float.NaN);
        assertValues(file, "f16", 0.0999755859375f, -65504, 5.9604645e-8f, 3, Float.NEGATIVE_INFINITY);
        assertValues(file, "bf16", 0.10009765625f, -65536, 6.0070306e-8f, 3, Float.NEGATIVE_INFINITY);
        assertValues(file, "i64", 0, 1, -2, 16777216, -0x1p62f);
        assertValues(file, "u64", 0, 1, 2, 16777216, 0x1p63f + 0x1p40f);
        assertValues(file, "i32", 0, 1, -2, 16777216, -0x1p31f);
        assertValues(file, "u32", 0, 1, 2, 16777216, 0x1p32f);
        assertValues(file, "i16", 0, 1, -2, 3, -100);
        assertValues(file, "u16", 0, 1, 2, 3, 65535);
        assertValues(file, "i8", 0, 1, -2, 3, -100);
        assertValues(file, "u8", 0, 1, 2, 3, 255);
        assertValues(file, "bool", 0, 1, 1, 0, 1);
    }

    @Test
    void keepsOrderAndEveryBit() throws IOException {
        float[] odd = new float[70_001];
        for (int i = 0; i < odd.length; i++) {
            odd[i] = Float.intBitsToFloat(i * 0x9E3779B1);
        }
        var tensors = new StateDict();
        tensors.put("z", Tensor.wrap(odd, Shape.of(odd.length)));
        tensors.put("a \" \\ \n é 😀", Tensor.wrap(new float[] {1, 2, 99}, Shape.of(2)));
        tensors.put("", Tensor.zeros(3, 0));
        Map<String, String> metadata = new LinkedHashMap<>(Map.of("k", "v \u0001 \" 😀"));
        Path path = folder.resolve("x.safetensors");
        new SafetensorsFile(tensors, metadata).write(path);

        SafetensorsFile back = SafetensorsFile.read(path);
        assertEquals(metadata, back.metadata());
        assertEquals(metadata, SafetensorsFile.readMetadata(path));
        assertEquals(
                List.copyOf(tensors.tensors().keySet()),
                List.copyOf(back.tensors().tensors().keySet()));
        float[] read = tensor(back, "z").array();
        for (int i = 0; i < odd.length; i++) {
            assertEquals(Float.floatToRawIntBits(odd[i]), Float.floatToRawIntBits(read[i]));
        }
        assertArrayEquals(new float[] {1, 2}, tensor(back, "a \" \\ \n é 😀").array());
    }

    @Test
    void dataStartsAtAMultipleOfEight() throws IOException {
        Path path = folder.resolve("x.safetensors");
        for (String name : List.of("a", "ab", "abc", "abcd", "é")) {
            var tensors = new StateDict();
            tensors.put(name, Tensor.zeros(1));
            new SafetensorsFile(tensors).write(path);
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(0, bytes.getLong(0) % 8);
            assertEquals(8 + bytes.getLong(0) + 4, bytes.capacity());
        }
    }

    @Test
    void fileWithoutTensorsIsAFile() throws IOException {
        Path path = folder.resolve("x.safetensors");
        new SafetensorsFile(new StateDict()).write(path);
        assertEquals(0, SafetensorsFile.read(path).tensors().size());
    }

    @Test
    void reservedNameIsRefused() {
        var tensors = new StateDict();
        tensors.put("__metadata__", Tensor.zeros(1));
        assertThrows(
                IllegalArgumentException.class,
                () -> new SafetensorsFile(tensors).write(folder.resolve("x.safetensors")));
    }

    private static void assertValues(SafetensorsFile file, String name, float... expected) {
        assertArrayEquals(expected, tensor(file, name).array(), name);
    }

    private static Tensor tensor(SafetensorsFile file, String name) {
        Tensor tensor = file.tensors().get(name);
        assertNotNull(tensor, name);
        return tensor;
    }

    private Path fixture(String name) throws IOException {
        Path copy = folder.resolve("fixture-" + name);
        try (InputStream resource = SafetensorsFileTest.class.getResourceAsStream("/weights/" + name)) {
            assertNotNull(resource, name);
            Files.write(copy, resource.readAllBytes());
        }
        return copy;
    }

    @Test
    void bytesAreWrittenAsI8() throws IOException {
        var tensors = new StateDict();
        tensors.put("weight", Tensor.wrap(new float[] {-128, 0, 127, 5, -1}, Shape.of(5)));
        tensors.put("scale", Tensor.wrap(new float[] {0.5f}, Shape.of(1)));
        var file = new SafetensorsFile(tensors);
        Path path = folder.resolve("bytes.safetensors");
        file.write(path, Set.of("weight"));
        byte[] written = Files.readAllBytes(path);
        String text = new String(written, StandardCharsets.ISO_8859_1);
        assertTrue(text.contains("\"weight\":{\"dtype\":\"I8\",\"shape\":[5],\"data_offsets\":[0,5]}"), text);
        assertTrue(text.contains("\"scale\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[5,9]}"), text);
        StateDict read = SafetensorsFile.read(path).tensors();
        assertArrayEquals(tensors.get("weight").array(), read.get("weight").array());
        assertArrayEquals(tensors.get("scale").array(), read.get("scale").array());
        for (String name : List.of("scale", "missing")) {
            assertThrows(IllegalArgumentException.class, () -> file.write(path, Set.of(name)));
        }
        assertArrayEquals(written, Files.readAllBytes(path));
    }
}
