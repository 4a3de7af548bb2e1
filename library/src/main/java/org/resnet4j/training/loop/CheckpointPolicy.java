package org.resnet4j.training.loop;

import java.nio.file.Path;
import java.time.Duration;
import org.resnet4j.support.Check;

/**
 * Where and how often a run writes its checkpoint: after every epoch, and within epochs as often as asked.
 *
 * @param file replaced as a whole each time
 * @param everyUpdates also after so many changes of the weights; 0 is never
 * @param every also when so much time has passed since the last one; zero is never
 */
public record CheckpointPolicy(Path file, int everyUpdates, Duration every) {
    public CheckpointPolicy {
        Check.atLeast("updates between checkpoints", 0, everyUpdates);
        if (every.isNegative()) {
            throw new IllegalArgumentException("time between checkpoints must be 0 or more, got " + every);
        }
    }

    /** After every epoch. */
    public CheckpointPolicy(Path file) {
        this(file, 0, Duration.ZERO);
    }
}
