package org.resnet4j.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000;

    private final Pace pace = new Pace();

    @Test
    void oneTickHasNoSpeed() {
        assertTrue(Double.isNaN(pace.perSecond()));
        pace.tick(128, 50 * SECOND);
        assertTrue(Double.isNaN(pace.perSecond()));
    }

    @Test
    void ticksWithinASecondHaveNoSpeed() {
        for (int i = 0; i < 100; i++) {
            pace.tick(128, i * SECOND / 1000);
        }
        assertTrue(Double.isNaN(pace.perSecond()));
    }

    @Test
    void firstTickBelongsToTheStart() {
        pace.tick(128, 14 * SECOND);
        pace.tick(128, 15 * SECOND);
        pace.tick(64, 16 * SECOND);
        assertEquals(96, pace.perSecond());
    }
}
