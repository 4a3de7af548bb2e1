package org.resnet4j.onnx.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelWriterTest {
    @TempDir
    Path folder;

    private Path file;

    /** Claims a size, and fails when it has to be written. */
    private record Claimed(long bytes) implements TensorData {
        @Override
        public DataType type() {
            return DataType.FLOAT;
        }

        @Override
        public void writeTo(CodedOutputStream output) throws IOException {
            output.writeFloatNoTag(1);
            output.flush();
            throw new IOException("No space left on device");
        }
    }

    @BeforeEach
    void anOldFile() throws IOException {
        file = folder.resolve("model.onnx");
        Files.writeString(file, "old");
    }

    private static ModelProto model(TensorData... tensors) {
        List<TensorProto> initializers = Stream.of(tensors)
                .map(data -> new TensorProto("t", List.of(data.bytes() / 4), data))
                .toList();
        return new ModelProto(
                8,
                List.of(),
                "test",
                "",
                new GraphProto("large", List.of(), initializers, List.of(), List.of()),
                List.of());
    }

    @Test
    void moreThanProtobufHoldsIsRefusedBeforeAnythingIsWritten() throws IOException {
        ModelProto model = model(new Claimed(1L << 30), new Claimed(3L << 30));
        IOException thrown = assertThrows(IOException.class, () -> ModelWriter.write(file, model));
        String message = thrown.getMessage();
        assertTrue(
                message.matches("cannot write .*: large takes 42949673\\d\\d bytes as ONNX, "
                        + "and a protobuf file holds at most 2147483647"),
                message);
        assertOld();
    }

    @Test
    void aFailureOnTheWayLeavesTheOldFileAlone() throws IOException {
        ModelProto model = model(WholeNumbers.of(1, 2, 3), new Claimed(Integer.MAX_VALUE - 200));
        IOException thrown = assertThrows(IOException.class, () -> ModelWriter.write(file, model));
        assertEquals("cannot write " + file + ": No space left on device", thrown.getMessage());
        assertOld();
    }

    private void assertOld() throws IOException {
        assertEquals("old", Files.readString(file));
        try (Stream<Path> entries = Files.list(folder)) {
            assertEquals(List.of(file), entries.toList());
        }
    }
}
