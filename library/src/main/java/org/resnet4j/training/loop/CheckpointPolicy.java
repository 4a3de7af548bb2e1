package org.resnet4j.training.loop;

import java.nio.file.Path;
import java.time.Duration;
import org.resnet4j.support.Check;

/**
 * The file and the frequency of checkpoints: one after every epoch, and optionally more within epochs.
 *
 * @param file replaced atomically each time
 * @param everyUpdates additional checkpoint after this many updates; 0 for none
 * @param every additional checkpoint after this much time since the last one; zero for none
 */
public record CheckpointPolicy(Path file, int everyUpdates, Duration every) {
    public CheckpointPolicy {
        Check.atLeast("updates between checkpoints", 0, everyUpdates);
        if (every.isNegative()) {
            throw new IllegalArgumentException("time between checkpoints must be 0 or more, got " + every);
        }
    }

    /** Creates a policy with a checkpoint after every epoch only. */
    public CheckpointPolicy(Path file) {
        this(file, 0, Duration.ZERO);
    }
}
