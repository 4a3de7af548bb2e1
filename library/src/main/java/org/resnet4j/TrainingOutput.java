package org.resnet4j;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.training.TrainingListener;
import org.resnet4j.training.log.MetricsFile;
import org.resnet4j.training.log.TensorBoardFile;

/**
 * Destination of everything a {@link TrainingRun} produces. Start from {@link #to(Path)} and adjust it with the
 * {@code with…} methods.
 *
 * @param folder folder of the models, the metrics and the checkpoint
 * @param lock a lock on the folder that the caller holds; null to lock it for the run
 * @param overwrite true if an existing model in the folder may be replaced
 * @param tensorBoard the folder of an event file for TensorBoard; null for none
 * @param checkpointEvery interval of checkpoints within an epoch; zero for none
 * @param listeners called for every event, in this order, after the files are written
 * @since 0.1.0
 */
public record TrainingOutput(
        RunFolder folder,
        @Nullable RunLock lock,
        boolean overwrite,
        @Nullable Path tensorBoard,
        Duration checkpointEvery,
        List<TrainingListener> listeners) {
    private static final Duration USUAL = Duration.ofMinutes(5);

    public TrainingOutput {
        listeners = List.copyOf(listeners);
        if (checkpointEvery.isNegative()) {
            throw new IllegalArgumentException("time between checkpoints must be 0 or more, got " + checkpointEvery);
        }
    }

    /** Returns the output to a folder that holds no model yet: a checkpoint every five minutes, no event file. */
    public static TrainingOutput to(Path folder) {
        return new TrainingOutput(new RunFolder(folder), null, false, null, USUAL, List.of());
    }

    /** Returns the output to a folder that the caller has locked and keeps locked during the run. */
    public static TrainingOutput to(RunLock held) {
        return new TrainingOutput(held.folder(), held, false, null, USUAL, List.of());
    }

    /** Returns a copy that replaces or rejects an existing model in the folder. */
    public TrainingOutput withOverwrite(boolean changed) {
        return new TrainingOutput(folder, lock, changed, tensorBoard, checkpointEvery, listeners);
    }

    /** Returns a copy with an event file for TensorBoard in a folder; null for none. */
    public TrainingOutput withTensorBoard(@Nullable Path events) {
        return new TrainingOutput(folder, lock, overwrite, events, checkpointEvery, listeners);
    }

    /** Returns a copy with another interval of checkpoints. */
    public TrainingOutput withCheckpointEvery(Duration changed) {
        return new TrainingOutput(folder, lock, overwrite, tensorBoard, changed, listeners);
    }

    /** Returns a copy with an additional listener. */
    public TrainingOutput withListener(TrainingListener listener) {
        var more = new ArrayList<>(listeners);
        more.add(listener);
        return new TrainingOutput(folder, lock, overwrite, tensorBoard, checkpointEvery, more);
    }

    /** Returns the writers of the files of the folder, followed by the listeners. */
    List<TrainingListener> allListeners() {
        var all = new ArrayList<TrainingListener>();
        all.add(new MetricsFile(folder.metrics()));
        if (tensorBoard != null) {
            all.add(new TensorBoardFile(tensorBoard));
        }
        all.addAll(listeners);
        return all;
    }
}
