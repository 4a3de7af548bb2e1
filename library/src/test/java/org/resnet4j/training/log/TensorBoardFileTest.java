package org.resnet4j.training.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.training.EpochMetrics;
import org.resnet4j.training.TrainingEvent;
import org.resnet4j.training.ValidationMetrics;

class TensorBoardFileTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_700_000_000_250L), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    /** An event, as far as it is read here. */
    private record Event(double time, long step, String version, Map<String, Float> scalars, boolean starts) {}

    private static TrainingEvent started(int completed) {
        return new TrainingEvent.Started(3, 10, 2, completed, 0, completed > 0);
    }

    private static TrainingEvent epoch(int number) {
        var validation = new ValidationMetrics(0.75, 0.5, 0.875, 200);
        return new TrainingEvent.EpochCompleted(
                new EpochMetrics(number, 0.1, 1.5 / number, 0.25, number == 2 ? null : validation, 900, 0.5, 10), true);
    }

    /** CRC-32C by its definition, masked as the format says. */
    private static int masked(byte[] bytes) {
        int crc = ~0;
        for (byte one : bytes) {
            crc ^= one & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ ((crc & 1) != 0 ? 0x82f63b78 : 0);
            }
        }
        crc = ~crc;
        return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
    }

    private List<Event> read() throws IOException {
        var events = new ArrayList<Event>();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                assertTrue(file.getFileName().toString().startsWith("events.out.tfevents.1700000000."), "name");
                ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
                while (bytes.hasRemaining()) {
                    var length = new byte[8];
                    bytes.get(length);
                    assertEquals(masked(length), bytes.getInt(), "checksum of the length");
                    var event = new byte
                            [(int) ByteBuffer.wrap(length)
                                    .order(ByteOrder.LITTLE_ENDIAN)
                                    .getLong()];
                    bytes.get(event);
                    assertEquals(masked(event), bytes.getInt(), "checksum of the event");
                    events.add(event(CodedInputStream.newInstance(event)));
                }
            }
        }
        return events;
    }

    private static Event event(CodedInputStream in) throws IOException {
        double time = 0;
        long step = 0;
        String version = "";
        boolean starts = false;
        var scalars = new LinkedHashMap<String, Float>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag >>> 3) {
                case 1 -> time = in.readDouble();
                case 2 -> step = in.readInt64();
                case 3 -> version = in.readString();
                case 5 -> summary(CodedInputStream.newInstance(in.readByteArray()), scalars);
                case 7 -> {
                    var log = CodedInputStream.newInstance(in.readByteArray());
                    log.readTag();
                    starts = log.readEnum() == 1;
                }
                default -> throw new IOException("field " + (tag >>> 3));
            }
        }
        return new Event(time, step, version, scalars, starts);
    }

    private static void summary(CodedInputStream in, Map<String, Float> scalars) throws IOException {
        while (in.readTag() != 0) {
            var value = CodedInputStream.newInstance(in.readByteArray());
            value.readTag();
            String name = value.readString();
            value.readTag();
            scalars.put(name, value.readFloat());
        }
    }

    @Test
    void everyEpochIsARecordWithItsScalars() throws IOException {
        var board = new TensorBoardFile(folder, CLOCK);
        board.on(started(0));
        board.on(epoch(1));
        board.on(epoch(2));
        List<Event> events = read();
        assertEquals(3, events.size());
        assertEquals("brain.Event:2", events.getFirst().version());
        assertEquals(1_700_000_000.25, events.getFirst().time());
        assertEquals(1, events.get(1).step());
        assertEquals(
                Map.of(
                        "loss/train", 1.5f,
                        "accuracy/train", 0.25f,
                        "loss/validation", 0.75f,
                        "accuracy/validation", 0.5f,
                        "accuracy/validation_top5", 0.875f,
                        "learning_rate", 0.1f,
                        "images_per_second", 900f),
                events.get(1).scalars());
        assertEquals(2, events.get(2).step());
        assertEquals(4, events.get(2).scalars().size(), "without validation");
    }

    @Test
    void aResumedRunTakesBackWhatItDoesAgain() throws IOException {
        var board = new TensorBoardFile(folder, CLOCK);
        board.on(started(2));
        board.on(epoch(3));
        List<Event> events = read();
        assertTrue(events.get(1).starts());
        assertEquals(3, events.get(1).step());
        assertEquals(3, events.get(2).step());
    }

    @Test
    void anEpochBeforeTheBeginningIsAMistake() {
        var board = new TensorBoardFile(folder, CLOCK);
        assertThrows(IllegalStateException.class, () -> board.on(epoch(1)));
    }
}
