package org.resnet4j.onnx.proto;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.weights.MalformedFileException;

/** The encoding of Protocol Buffers, against its own library. */
class WireTest {
    private static final long[] NUMBERS = {
        0, 1, 127, 128, 16_383, 16_384, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, -1
    };
    private static final int[] FIELDS = {1, 15, 16, 2047, 2048, (1 << 29) - 1};

    @TempDir
    private Path folder;

    /** Writes a part of a file with the library of Protocol Buffers. */
    private interface Theirs {
        void write(CodedOutputStream output) throws IOException;
    }

    /** Writes the same part with ours. */
    private interface Ours {
        void write(WireOutput output) throws IOException;
    }

    /** Reads a file. */
    private interface Reading {
        void read(WireInput input) throws IOException;
    }

    private static byte[] theirs(Theirs part) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var output = CodedOutputStream.newInstance(bytes);
        part.write(output);
        output.flush();
        return bytes.toByteArray();
    }

    private byte[] ours(Ours part) throws IOException {
        Path file = folder.resolve("ours");
        try (FileChannel channel = FileChannel.open(file, CREATE, TRUNCATE_EXISTING, WRITE)) {
            var output = new WireOutput(channel);
            part.write(output);
            output.flush();
        }
        return Files.readAllBytes(file);
    }

    private void read(byte[] bytes, Reading reading) throws IOException {
        Path file = Files.write(folder.resolve("theirs"), bytes);
        try (FileChannel channel = FileChannel.open(file)) {
            reading.read(new WireInput(file, channel));
        }
    }

    private void assertRefused(String reason, int... bytes) {
        var file = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            file[i] = (byte) bytes[i];
        }
        var refused = assertThrows(
                MalformedFileException.class,
                () -> read(file, input -> {
                    while (input.next()) {
                        input.skipValue();
                    }
                }));
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    }

    @Test
    void fieldsHaveTheBytesOfTheLibrary() throws IOException {
        for (int field : FIELDS) {
            assertEquals(CodedOutputStream.computeTagSize(field), WireOutput.tagSize(field));
            for (long number : NUMBERS) {
                assertEquals(CodedOutputStream.computeInt64SizeNoTag(number), WireOutput.varintSize(number));
                assertSame(theirs(output -> output.writeInt64(field, number)), new Field.Int64(field, number));
            }
            assertSame(theirs(output -> output.writeFloat(field, -1.5f)), new Field.Float32(field, -1.5f));
            for (String text : new String[] {"", "conv1", "größe \uD83D\uDE00", "x".repeat(200_000)}) {
                assertSame(theirs(output -> output.writeString(field, text)), new Field.Text(field, text));
            }
        }
    }

    private void assertSame(byte[] expected, Field field) throws IOException {
        assertArrayEquals(expected, ours(field::writeTo), field.toString());
        assertEquals(expected.length, field.size(), field.toString());
    }

    @Test
    void readsWhatTheLibraryWrites() throws IOException {
        byte[] text = "x".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
        byte[] file = theirs(output -> {
            for (int i = 0; i < 5_000; i++) {
                for (long number : NUMBERS) {
                    output.writeInt64(FIELDS[i % FIELDS.length], number);
                }
                output.writeFloat(3, i);
                output.writeFixed64(4, i);
            }
            output.writeByteArray(5, text);
        });
        read(file, input -> {
            for (int i = 0; i < 5_000; i++) {
                for (long number : NUMBERS) {
                    assertTrue(input.next() && input.is(Wire.VARINT));
                    assertEquals(FIELDS[i % FIELDS.length], input.field());
                    assertEquals(number, input.varint());
                }
                assertTrue(input.next() && input.is(Wire.FIXED32));
                assertEquals(i, input.fixed32());
                assertTrue(input.next() && input.is(Wire.FIXED64));
                input.skipValue();
            }
            assertTrue(input.next() && input.is(Wire.BYTES));
            assertArrayEquals(text, input.bytes((int) input.varint()));
            assertFalse(input.next());
            assertEquals(file.length, input.position());
        });
    }

    /** Lengths around that of the buffer, read and passed over. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8_187, 8_188, 8_189, 8_192, 8_193, 16_384, 100_000})
    void messagesOfAnyLengthEndWhereTheySay(int length) throws IOException {
        var content = new byte[length];
        new Random(length).nextBytes(content);
        byte[] file = theirs(output -> {
            output.writeByteArray(1, content);
            output.writeByteArray(2, content);
            output.writeInt64(3, 7);
        });
        read(file, input -> {
            assertTrue(input.next());
            long outer = input.enter();
            assertEquals(length, input.remaining());
            assertArrayEquals(content, input.bytes(length));
            assertFalse(input.next());
            input.leave(outer);
            assertTrue(input.next());
            input.skipValue();
            assertTrue(input.next());
            assertEquals(3, input.field());
            assertEquals(7, input.varint());
            assertFalse(input.next());
        });
    }

    @Test
    void nothingReachesBeyondItsMessage() throws IOException {
        byte[] file = {0x0a, 2, 0x12, 5, 1, 2, 3, 4, 5};
        read(file, input -> {
            assertTrue(input.next());
            long outer = input.enter();
            assertTrue(input.next());
            var refused = assertThrows(MalformedFileException.class, input::enter);
            assertTrue(refused.getMessage().contains("a length of 5 bytes where 0 remain"), refused.getMessage());
            assertThrows(MalformedFileException.class, input::varint);
            assertThrows(MalformedFileException.class, input::fixed32);
            assertThrows(MalformedFileException.class, () -> input.bytes(1));
            assertThrows(MalformedFileException.class, () -> input.skip(1));
            input.leave(outer);
            assertEquals(5, input.bytes(5)[4]);
        });
    }

    @Test
    void whatIsNoEncodingIsRefused() {
        assertRefused("no field has the number 0", 0x02, 0);
        assertRefused("a value of 1 bytes where 0 remain", 0x08);
        assertRefused("a value of 1 bytes where 0 remain", 0x08, 0x80);
        assertRefused("more than ten bytes", 0x08, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 1);
        assertRefused("a length of 4 bytes where 3 remain", 0x0d, 1, 2, 3);
        assertRefused("a length of 8 bytes where 3 remain", 0x09, 1, 2, 3);
        assertRefused("a length of 4 bytes where 3 remain", 0x0a, 4, 1, 2, 3);
        assertRefused("a length of 18446744073709551615", 0x0a, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1);
        assertRefused("kind 3", 1 << 3 | WireFormat.WIRETYPE_START_GROUP, 1 << 3 | WireFormat.WIRETYPE_END_GROUP);
        assertRefused("kind 4", 1 << 3 | WireFormat.WIRETYPE_END_GROUP);
        assertRefused("kind 7", 1 << 3 | 7);
    }
}
