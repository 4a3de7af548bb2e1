package org.resnet4j.training.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.resnet4j.evaluation.Tally;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.BestEpoch;
import org.resnet4j.training.CheckpointMismatchException;
import org.resnet4j.training.ValidationMetrics;
import org.resnet4j.training.session.SessionState;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;
import org.resnet4j.weights.safetensors.SafetensorsFile;

/**
 * A point from which a run resumes with the same bits: a safetensors file with the session's tensors, and everything
 * else in its metadata, with a checksum over all. Written by {@link org.resnet4j.file.AtomicFile}, so that it is never
 * incomplete.
 *
 * @param settings settings of the run, by name; a run with other settings must not resume from it
 * @param progress progress of the run
 * @param state state of the session
 */
record Checkpoint(Map<String, String> settings, TrainingProgress progress, SessionState state) {
    private static final String FORMAT = "resnet4j.checkpoint";
    private static final String VERSION = "2";
    private static final String CHECKSUM = "checksum";
    private static final String SETTING = "setting.";
    private static final String COUNTER = "counter.";
    private static final String COMPLETED_EPOCHS = "progress.completedEpochs";
    private static final String COMPLETED_BATCHES = "progress.completedBatches";
    private static final String SAMPLES = "progress.samples";
    private static final String LOSS_SUM = "progress.lossSum";
    private static final String TOP1 = "progress.top1";
    private static final String TOP5 = "progress.top5";
    private static final String TRAIN_SECONDS = "progress.trainSeconds";
    private static final String WAIT_SECONDS = "progress.waitSeconds";
    private static final String TOTAL_SECONDS = "progress.totalSeconds";
    private static final String WITHOUT_BETTER = "progress.epochsWithoutBetter";
    private static final String BEST_EPOCH = "best.epoch";
    private static final String BEST_LOSS = "best.loss";
    private static final String BEST_TOP1 = "best.top1";
    private static final String BEST_TOP5 = "best.top5";
    private static final String BEST_SAMPLES = "best.samples";
    private static final int CHUNK_FLOATS = 1 << 14;

    Checkpoint {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** Replaces the file. If this fails, the old file is intact. */
    void write(Path file) throws IOException {
        var metadata = new LinkedHashMap<String, String>();
        metadata.put(FORMAT, VERSION);
        settings.forEach((name, value) -> metadata.put(SETTING + name, value));
        state.counters().forEach((name, value) -> metadata.put(COUNTER + name, Long.toString(value)));
        metadata.put(COMPLETED_EPOCHS, Integer.toString(progress.completedEpochs()));
        metadata.put(COMPLETED_BATCHES, Integer.toString(progress.completedBatches()));
        Tally tally = progress.tally();
        metadata.put(SAMPLES, Long.toString(tally.samples()));
        metadata.put(LOSS_SUM, Double.toString(tally.lossSum()));
        metadata.put(TOP1, Long.toString(tally.top1()));
        metadata.put(TOP5, Long.toString(tally.top5()));
        metadata.put(TRAIN_SECONDS, Double.toString(progress.trainSeconds()));
        metadata.put(WAIT_SECONDS, Double.toString(progress.waitSeconds()));
        metadata.put(TOTAL_SECONDS, Double.toString(progress.totalSeconds()));
        metadata.put(WITHOUT_BETTER, Integer.toString(progress.epochsWithoutBetter()));
        BestEpoch best = progress.best();
        if (best != null) {
            ValidationMetrics validation = best.validation();
            metadata.put(BEST_EPOCH, Integer.toString(best.epoch()));
            metadata.put(BEST_LOSS, Double.toString(validation.loss()));
            metadata.put(BEST_TOP1, Double.toString(validation.top1()));
            metadata.put(BEST_TOP5, Double.toString(validation.top5()));
            metadata.put(BEST_SAMPLES, Long.toString(validation.samples()));
        }
        metadata.put(CHECKSUM, checksum(metadata, state.tensors()));
        new SafetensorsFile(state.tensors(), metadata).write(file);
    }

    /**
     * Reads a whole checkpoint.
     *
     * @throws MalformedFileException if the file is damaged or is not a checkpoint
     * @throws IOException if it cannot be read
     */
    static Checkpoint read(Path file) throws IOException {
        SafetensorsFile contents = SafetensorsFile.read(file);
        Map<String, String> metadata = contents.metadata();
        String version = metadata.get(FORMAT);
        if (version == null) {
            throw malformed(file, "this is not a checkpoint: its metadata lacks " + FORMAT);
        }
        if (!version.equals(VERSION)) {
            throw malformed(
                    file,
                    "this checkpoint has version " + version + ", and this program reads version " + VERSION
                            + ": another version of resnet4j wrote it; start a new run, or resume with that version");
        }
        if (!checksum(metadata, contents.tensors()).equals(metadata.get(CHECKSUM))) {
            throw malformed(file, "the checksum is wrong: the file is damaged");
        }
        try {
            return new Checkpoint(
                    withPrefix(metadata, SETTING),
                    progress(metadata),
                    new SessionState(contents.tensors(), counters(metadata)));
        } catch (IllegalArgumentException wrong) {
            throw malformed(file, String.valueOf(wrong.getMessage()));
        }
    }

    private static TrainingProgress progress(Map<String, String> metadata) {
        return new TrainingProgress(
                (int) number(metadata, COMPLETED_EPOCHS, Integer.MAX_VALUE),
                (int) number(metadata, COMPLETED_BATCHES, Integer.MAX_VALUE),
                new Tally(
                        number(metadata, SAMPLES, Long.MAX_VALUE),
                        real(metadata, LOSS_SUM),
                        number(metadata, TOP1, Long.MAX_VALUE),
                        number(metadata, TOP5, Long.MAX_VALUE)),
                real(metadata, TRAIN_SECONDS),
                real(metadata, WAIT_SECONDS),
                real(metadata, TOTAL_SECONDS),
                best(metadata),
                (int) number(metadata, WITHOUT_BETTER, Integer.MAX_VALUE));
    }

    private static @Nullable BestEpoch best(Map<String, String> metadata) {
        if (!metadata.containsKey(BEST_EPOCH)) {
            return null;
        }
        return new BestEpoch(
                (int) number(metadata, BEST_EPOCH, Integer.MAX_VALUE),
                new ValidationMetrics(
                        real(metadata, BEST_LOSS),
                        real(metadata, BEST_TOP1),
                        real(metadata, BEST_TOP5),
                        number(metadata, BEST_SAMPLES, Long.MAX_VALUE)));
    }

    private static Map<String, Long> counters(Map<String, String> metadata) {
        var counters = new LinkedHashMap<String, Long>();
        for (String name : withPrefix(metadata, COUNTER).keySet()) {
            counters.put(name, number(metadata, COUNTER + name, Long.MAX_VALUE));
        }
        return counters;
    }

    private static Map<String, String> withPrefix(Map<String, String> metadata, String prefix) {
        var found = new LinkedHashMap<String, String>();
        metadata.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                found.put(key.substring(prefix.length()), value);
            }
        });
        return found;
    }

    private static long number(Map<String, String> metadata, String key, long most) {
        long value = Long.parseLong(text(metadata, key));
        if (value < 0 || value > most) {
            throw new IllegalArgumentException("metadata " + key + " is out of range: " + value);
        }
        return value;
    }

    private static double real(Map<String, String> metadata, String key) {
        return Double.parseDouble(text(metadata, key));
    }

    private static String text(Map<String, String> metadata, String key) {
        String value = metadata.get(key);
        if (value == null) {
            throw new IllegalArgumentException("metadata " + key + " is missing");
        }
        return value;
    }

    /**
     * Checks that a run with these settings may resume from this checkpoint.
     *
     * @throws CheckpointMismatchException naming every setting that differs
     */
    void requireSettings(Path file, Map<String, String> current) throws CheckpointMismatchException {
        List<String> differences = new ArrayList<>();
        var names = new TreeSet<>(settings.keySet());
        names.addAll(current.keySet());
        for (String name : names) {
            String saved = settings.get(name);
            String now = current.get(name);
            if (!Objects.equals(saved, now)) {
                differences.add(name + " was " + (saved == null ? "not set" : saved) + " and is "
                        + (now == null ? "not set" : now));
            }
        }
        if (!differences.isEmpty()) {
            throw new CheckpointMismatchException(file, differences);
        }
    }

    /**
     * Returns the checksum over all metadata except the checksum, and over the names, shapes and bits of all tensors.
     */
    private static String checksum(Map<String, String> metadata, StateDict tensors) {
        var crc = new CRC32C();
        new TreeMap<>(metadata).forEach((key, value) -> {
            if (!key.equals(CHECKSUM)) {
                update(crc, key);
                update(crc, value);
            }
        });
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_FLOATS * Float.BYTES);
        for (Map.Entry<String, Tensor> entry : tensors.tensors().entrySet()) {
            Tensor tensor = entry.getValue();
            update(crc, entry.getKey());
            update(crc, tensor.shape().toString());
            for (int start = 0; start < tensor.size(); start += CHUNK_FLOATS) {
                int count = Math.min(CHUNK_FLOATS, tensor.size() - start);
                chunk.clear();
                chunk.asFloatBuffer().put(tensor.array(), start, count);
                crc.update(chunk.limit(count * Float.BYTES));
            }
        }
        return "crc32c:" + Long.toHexString(crc.getValue());
    }

    /** The length is included, so that different lists of strings never give the same bytes. */
    private static void update(CRC32C crc, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        crc.update(bytes);
    }

    private static MalformedFileException malformed(Path file, String reason) {
        return new MalformedFileException(file, reason);
    }
}
