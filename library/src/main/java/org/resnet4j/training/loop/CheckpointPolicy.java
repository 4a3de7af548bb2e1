package org.resnet4j.training.loop;

import java.nio.file.Path;
import java.time.Duration;
import org.resnet4j.support.Check;

/**
 * Location and frequency of a run's checkpoints: after every epoch, and within epochs if requested.
 *
 * @param file file that is replaced as a whole each time
 * @param everyUpdates weight updates between checkpoints within an epoch; 0 for none
 * @param every time between checkpoints within an epoch; zero for none
 */
public record CheckpointPolicy(Path file, int everyUpdates, Duration every) {
    public CheckpointPolicy {
        Check.atLeast("updates between checkpoints", 0, everyUpdates);
        if (every.isNegative()) {
            throw new IllegalArgumentException("time between checkpoints must be 0 or more, got " + every);
        }
    }

    /** Creates a policy of a checkpoint after every epoch. */
    public CheckpointPolicy(Path file) {
        this(file, 0, Duration.ZERO);
    }
}
