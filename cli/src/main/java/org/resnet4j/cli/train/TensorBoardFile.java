package org.resnet4j.cli.train;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.resnet4j.training.EpochMetrics;
import org.resnet4j.training.TrainingEvent;
import org.resnet4j.training.TrainingListener;
import org.resnet4j.training.ValidationMetrics;

/**
 * Writes what every epoch gave as an event file of TensorBoard, a row of records that is only ever added to: a length, its
 * masked checksum, an {@code Event} in the encoding of protobuf, and its masked checksum.
 *
 * @see <a href="https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/util/event.proto">event.proto</a>
 */
final class TensorBoardFile implements TrainingListener {
    private static final String VERSION = "brain.Event:2";
    private static final int MASK = 0xa282ead8;

    /** Fields of an event. */
    private static final int WALL_TIME = 1;

    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int SESSION_LOG = 7;

    /** Of a session's log: it begins, or begins again. */
    private static final int START = 1;

    private final Path folder;
    private final Clock clock;
    private @Nullable Path file;

    /** @param folder gets a new file for each call of the command */
    TensorBoardFile(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** Finds out, and leaves nothing, whether the folder is one or can be made. */
    static void check(Path folder) throws FileSystemException {
        Path place = folder;
        while (place != null && !Files.exists(place)) {
            place = place.getParent();
        }
        Path there = place == null ? Path.of("") : place;
        if (!Files.isDirectory(there)) {
            throw new FileAlreadyExistsException(there.toString());
        }
        if (!Files.isWritable(there)) {
            throw new AccessDeniedException(there.toString());
        }
    }

    @Override
    public void on(TrainingEvent event) throws IOException {
        switch (event) {
            case TrainingEvent.Started start -> {
                Files.createDirectories(folder);
                file = folder.resolve("events.out.tfevents." + clock.millis() / 1000 + "."
                        + ProcessHandle.current().pid() + ".resnet4j");
                append(0, output -> output.writeString(FILE_VERSION, VERSION));
                if (start.resumed()) {
                    // TensorBoard forgets what other files have from this step on: it is done again.
                    append(
                            start.completedEpochs() + 1L,
                            output -> output.writeByteArray(SESSION_LOG, message(log -> log.writeEnum(1, START))));
                }
            }
            case TrainingEvent.EpochCompleted epoch -> {
                EpochMetrics metrics = epoch.metrics();
                append(metrics.epoch(), output -> output.writeByteArray(SUMMARY, summary(metrics)));
            }
            default -> {
                // Nothing to write at the others.
            }
        }
    }

    private static byte[] summary(EpochMetrics metrics) throws IOException {
        var scalars = new LinkedHashMap<String, Double>();
        scalars.put("loss/train", metrics.trainLoss());
        scalars.put("accuracy/train", metrics.trainTop1());
        ValidationMetrics validation = metrics.validation();
        if (validation != null) {
            scalars.put("loss/validation", validation.loss());
            scalars.put("accuracy/validation", validation.top1());
            scalars.put("accuracy/validation_top5", validation.top5());
        }
        scalars.put("learning_rate", metrics.learningRate());
        scalars.put("images_per_second", metrics.imagesPerSecond());
        return message(output -> {
            for (Map.Entry<String, Double> scalar : scalars.entrySet()) {
                output.writeByteArray(1, message(value -> {
                    value.writeString(1, scalar.getKey());
                    value.writeFloat(2, scalar.getValue().floatValue());
                }));
            }
        });
    }

    /** Writes the fields of a message. */
    @FunctionalInterface
    private interface Fields {
        void write(CodedOutputStream output) throws IOException;
    }

    private static byte[] message(Fields fields) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var output = CodedOutputStream.newInstance(bytes);
        fields.write(output);
        output.flush();
        return bytes.toByteArray();
    }

    private void append(long step, Fields content) throws IOException {
        byte[] event = message(output -> {
            output.writeDouble(WALL_TIME, clock.millis() / 1e3);
            output.writeInt64(STEP, step);
            content.write(output);
        });
        ByteBuffer record = ByteBuffer.allocate(event.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(event.length);
        record.putInt(maskedChecksum(record.array(), Long.BYTES));
        record.put(event);
        record.putInt(maskedChecksum(event, event.length));
        record.flip();
        if (file == null) {
            throw new IllegalStateException("the run has not begun");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (record.hasRemaining()) {
                channel.write(record);
            }
        }
    }

    /** A checksum that may stand among what it is the checksum of. */
    private static int maskedChecksum(byte[] bytes, int length) {
        var checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return Integer.rotateRight((int) checksum.getValue(), 15) + MASK;
    }
}
