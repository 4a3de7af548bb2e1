package org.resnet4j.server.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.resnet4j.server.protocol.InferInput;
import org.resnet4j.server.protocol.InferRequest;
import org.resnet4j.server.protocol.InvalidRequestException;

/** Tests of messages by hand, whole and broken. */
class InferRequestReaderTest {
    private static byte[] input(byte[]... fields) {
        return Wire.bytes(5, Wire.text(1, "x"), Wire.message(fields));
    }

    private static byte[] type(String name) {
        return Wire.text(2, name);
    }

    private static InferRequest read(byte[]... fields) throws InvalidRequestException {
        return InferRequestReader.read(Wire.message(fields)).request();
    }

    private static void assertRefused(String message, byte[]... fields) {
        var refused = assertThrows(InvalidRequestException.class, () -> read(fields));
        assertTrue(String.valueOf(refused.getMessage()).contains(message), refused.getMessage());
    }

    @Test
    void fieldsMayComeInAnyOrderPackedOrNot() throws Exception {
        byte[] message = Wire.message(
                Wire.bytes(7, Wire.floats(1, 2)),
                Wire.bytes(6, Wire.text(1, "logits"), Wire.parameter(2, "binary_data", Wire.number(1, 1))),
                input(Wire.number(3, 1), type("FP32"), Wire.number(3, 2)),
                Wire.parameter(4, "timeout", Wire.number(2, 250)),
                Wire.number(77, 5),
                Wire.text(3, "id"),
                Wire.text(2, "4"),
                Wire.text(1, "pets"));
        InferRequestReader.ModelInfer read = InferRequestReader.read(message);
        assertEquals(new ModelRequest("pets", "4"), read.model());
        InferRequest request = read.request();
        assertEquals("id", request.id());
        assertEquals(250, request.timeoutMicros());
        assertTrue(request.binary());
        assertEquals("logits", request.outputs().getFirst().name());
        var floats = assertInstanceOf(InferInput.Floats.class, request.inputs().getFirst());
        assertArrayEquals(new long[] {1, 2}, floats.shape());
        assertEquals(FloatBuffer.wrap(new float[] {1, 2}), floats.values());
    }

    @Test
    void typedContentsMayBePackedInPieces() throws Exception {
        byte[] single = Wire.message(new byte[] {6 << 3 | 5}, Wire.floats(3));
        InferRequest request = read(input(
                type("FP32"),
                Wire.packed(3, 4),
                Wire.bytes(5, Wire.bytes(6, Wire.floats(1, 2)), single),
                Wire.bytes(5, Wire.bytes(6, Wire.floats(4)))));
        var floats = assertInstanceOf(InferInput.Floats.class, request.inputs().getFirst());
        assertEquals(FloatBuffer.wrap(new float[] {1, 2, 3, 4}), floats.values());
        assertFalse(request.binary());
        assertNull(request.id());
        assertEquals(0, request.timeoutMicros());
    }

    @Test
    void aRequestKeepsTheShorterTimeout() throws Exception {
        InferRequest without = read();
        InferRequest with = read(Wire.parameter(4, "timeout", Wire.text(3, "100")));
        assertEquals(50, without.within(50).timeoutMicros());
        assertEquals(50, with.within(50).timeoutMicros());
        assertEquals(100, with.within(500).timeoutMicros());
        assertEquals(100, with.within(0).timeoutMicros());
        assertEquals(
                Long.MAX_VALUE,
                read(Wire.parameter(4, "timeout", Wire.number(5, -1))).timeoutMicros());
    }

    @Test
    void contradictionsAreRefused() {
        byte[] shape = Wire.packed(3, 2);
        byte[] contents = Wire.bytes(5, Wire.bytes(6, Wire.floats(1, 2)));
        byte[] raw = Wire.bytes(7, Wire.floats(1, 2));
        assertRefused("input 'x' has contents, and the request has raw", input(type("FP32"), shape, contents), raw);
        assertRefused("input 'x' has no contents", input(type("FP32"), shape));
        assertRefused("the request has 1 inputs, but 2 raw", input(type("FP32"), shape), raw, raw);
        assertRefused("the request has 0 inputs, but 1 raw", raw);
        assertRefused(
                "input 'x' of shape [3] needs 3 fp32_contents, got 2",
                input(type("FP32"), Wire.packed(3, 3), contents));
        assertRefused("needs 2 bytes_contents, got 0", input(type("BYTES"), shape, contents));
        assertRefused("needs 8 bytes, got 4", input(type("FP32"), shape), Wire.bytes(7, Wire.floats(1)));
        assertRefused("which must be sent as raw_input_contents", input(type("FP16"), shape, contents));
        assertRefused("the datatype 'INT8' is not supported", input(type("INT8"), shape, contents));
        assertRefused("the datatype '' is not supported", input(shape, contents));
        assertRefused("every extent must be at least 1", input(type("FP32"), Wire.packed(3, -1), contents));
        assertRefused("too large", input(type("FP32"), Wire.packed(3, 1L << 40, 1L << 40), contents));
        assertRefused(
                "has more than 8 extents", input(type("FP32"), Wire.packed(3, 1, 1, 1, 1, 1, 1, 1, 1, 2), contents));
        for (byte[] timeout : new byte[][] {
            Wire.number(2, -1), Wire.number(1, 1), Wire.text(3, "soon"), Wire.text(3, "-5"), new byte[0]
        }) {
            assertRefused("timeout must be a whole number", Wire.parameter(4, "timeout", timeout));
        }
    }

    @Test
    void thereAreLimitsOnNumbersOfTensorsAndPictures() {
        byte[][] many = new byte[65][];
        Arrays.fill(many, input(type("FP32")));
        assertRefused("the request has more than 64 inputs", many);
        Arrays.fill(many, Wire.text(7, ""));
        assertRefused("the request has more than 64 raw_input_contents", many);
        Arrays.fill(many, Wire.text(6, ""));
        assertRefused("the request has more than 64 outputs", many);
        byte[] empty = new byte[2 * ((1 << 16) + 1)];
        for (int i = 0; i < empty.length; i += 2) {
            empty[i] = 8 << 3 | 2;
        }
        assertRefused("more than 65536 pictures", input(type("BYTES"), Wire.bytes(5, empty)));
    }

    @Test
    void malformedMessagesAreRefused() {
        for (byte[] bad : new byte[][] {
            {0}, // field 0
            {7}, // wire type 7
            {10}, // no length
            {10, 5, 'a'}, // cut off
            {10, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f}, // a negative length
            {10, 1, (byte) 0xff}, // not UTF-8
            {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff}, // an endless number
            {42, 2, 10, 5}, // a nested field longer than its message
            {42, 3, 26, 1, (byte) 0x80}, // a packed number longer than its list
            {42, 9, 42, 7, 50, 5, 0, 0, 0, 0, 0}, // packed floats of 5 bytes
            {19}, // a group that does not end
            {12}, // the end of a group that has not begun
        }) {
            assertRefused("the message is malformed, at byte ", bad);
        }
        byte[] deep = new byte[1_000_000];
        Arrays.fill(deep, (byte) (15 << 3 | 3)); // groups in groups
        assertRefused("the message is malformed", deep);
    }

    @Test
    void whateverIsCutOffOrDamagedIsReadOrRefused() {
        byte[] whole = Wire.message(
                Wire.text(1, "pets"),
                Wire.text(3, "id"),
                Wire.parameter(4, "timeout", Wire.number(2, 250)),
                input(type("FP32"), Wire.packed(3, 2, 3), Wire.bytes(5, Wire.bytes(6, Wire.floats(1, 2, 3, 4, 5, 6)))),
                input(type("BYTES"), Wire.number(3, 2), Wire.bytes(5, Wire.text(8, "one"), Wire.text(8, "two"))),
                Wire.bytes(6, Wire.text(1, "logits")));
        for (int length = 0; length < whole.length; length++) {
            readOrRefuse(Arrays.copyOf(whole, length));
        }
        var random = new SplittableRandom(1);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = Arrays.copyOf(whole, random.nextInt(whole.length / 2, whole.length + 1));
            for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            refused += readOrRefuse(damaged) ? 0 : 1;
        }
        assertTrue(refused > 5_000 && refused < 20_000, refused + " refused");
    }

    /** Returns true if a message is read; anything but a refusal fails the test. */
    private static boolean readOrRefuse(byte[] message) {
        try {
            InferRequestReader.read(message);
            return true;
        } catch (InvalidRequestException refused) {
            assertFalse(String.valueOf(refused.getMessage()).isEmpty());
            return false;
        }
    }
}
