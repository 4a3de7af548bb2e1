package org.resnet4j.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Processes that are stopped and killed. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class ProcessTest {
    private static Processes three(int timeout, int pause, int steps) throws Exception {
        var processes = new Processes();
        processes.killAfter(Duration.ofSeconds(60));
        for (int rank = 0; rank < 3; rank++) {
            processes.start(List.of(), "127.0.0.1", rank, 3, 4, 100_000, timeout, pause, steps);
        }
        processes.introduce();
        return processes;
    }

    @Test
    void processesGetTheSameBits() throws Exception {
        try (Processes processes = three(30_000, 0, 20)) {
            for (int rank = 0; rank < 3; rank++) {
                assertEquals("done", processes.lastLine(rank));
            }
        }
    }

    @Test
    void aProcessThatIsStoppedEndsTheOthersByTheTimeOut() throws Exception {
        try (Processes processes = three(1500, 20, 100_000)) {
            processes.awaitLine(1, "step 1");
            processes.signal(1, "STOP");
            for (int rank : new int[] {0, 2}) {
                String last = processes.lastLine(rank);
                assertTrue(last.startsWith("ended: " + processes.name(1) + " sent nothing for 1500 ms in step "), last);
            }
        }
    }

    @Test
    void aProcessThatIsKilledEndsTheOthersAtOnce() throws Exception {
        try (Processes processes = three(600_000, 20, 100_000)) {
            processes.awaitLine(2, "step 1");
            processes.signal(2, "KILL");
            for (int rank : new int[] {0, 1}) {
                String last = processes.lastLine(rank);
                assertTrue(last.startsWith("ended: " + processes.name(2) + " closed the connection"), last);
            }
        }
    }
}
