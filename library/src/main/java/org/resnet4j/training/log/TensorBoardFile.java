package org.resnet4j.training.log;

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
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.resnet4j.training.EpochMetrics;
import org.resnet4j.training.TrainingEvent;
import org.resnet4j.training.TrainingListener;
import org.resnet4j.training.ValidationMetrics;

/**
 * A TensorBoard event file with the metrics of every epoch. It is an append-only sequence of records: a length, its
 * masked checksum, an {@code Event} encoded as Protocol Buffers, and its masked checksum.
 *
 * @see <a href="https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/util/event.proto">event.proto</a>
 */
public final class TensorBoardFile implements TrainingListener {
    private static final String VERSION = "brain.Event:2";
    private static final int MASK = 0xa282ead8;

    /** Fields of an event. */
    private static final int WALL_TIME = 1;

    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int SESSION_LOG = 7;

    /** Status of a session log: the start or restart of a run. */
    private static final int START = 1;

    private final Path folder;
    private final Clock clock;
    private @Nullable Path file;

    /**
     * @param folder folder that receives a new file for each run; created when the run starts
     */
    public TensorBoardFile(Path folder) {
        this(folder, Clock.systemUTC());
    }

    TensorBoardFile(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /**
     * Checks that the folder exists or can be created. Changes nothing.
     *
     * @throws FileSystemException if a file has its name, or it is not writable
     */
    public static void check(Path folder) throws FileSystemException {
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
    public void on(TrainingEvent happened) throws IOException {
        switch (happened) {
            case TrainingEvent.Started start -> {
                Files.createDirectories(folder);
                file = folder.resolve("events.out.tfevents." + clock.millis() / 1000 + "."
                        + ProcessHandle.current().pid() + ".resnet4j");
                append(0, event -> event.text(FILE_VERSION, VERSION));
                if (start.resumed()) {
                    // TensorBoard discards the events of other files from this step on, because the run repeats them.
                    append(
                            start.completedEpochs() + 1L,
                            event -> event.message(SESSION_LOG, new WireMessage().integer(1, START)));
                }
            }
            case TrainingEvent.EpochCompleted epoch -> {
                EpochMetrics metrics = epoch.metrics();
                append(metrics.epoch(), event -> event.message(SUMMARY, summary(metrics)));
            }
            default -> {
                // Nothing to write for other events.
            }
        }
    }

    private static WireMessage summary(EpochMetrics metrics) {
        var summary = new WireMessage();
        scalar(summary, "loss/train", metrics.trainLoss());
        scalar(summary, "accuracy/train", metrics.trainTop1());
        ValidationMetrics validation = metrics.validation();
        if (validation != null) {
            scalar(summary, "loss/validation", validation.loss());
            scalar(summary, "accuracy/validation", validation.top1());
            scalar(summary, "accuracy/validation_top5", validation.top5());
        }
        scalar(summary, "learning_rate", metrics.learningRate());
        scalar(summary, "images_per_second", metrics.imagesPerSecond());
        return summary;
    }

    private static void scalar(WireMessage summary, String name, double value) {
        summary.message(1, new WireMessage().text(1, name).real(2, (float) value));
    }

    /**
     * @param content adds the field of the event that is neither its time nor its step
     */
    private void append(long step, UnaryOperator<WireMessage> content) throws IOException {
        var message = new WireMessage().real(WALL_TIME, clock.millis() / 1e3).integer(STEP, step);
        byte[] event = content.apply(message).toBytes();
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

    /** Returns the masked checksum, which is safe to store together with the data it covers. */
    private static int maskedChecksum(byte[] bytes, int length) {
        var checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return Integer.rotateRight((int) checksum.getValue(), 15) + MASK;
    }
}
