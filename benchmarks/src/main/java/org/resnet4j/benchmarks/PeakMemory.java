package org.resnet4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The peak resident memory of processes, which Linux tells. */
final class PeakMemory {
    private PeakMemory() {}

    /** Returns the peak so far of a running process in KB; nothing if it has just ended, or outside Linux. */
    static OptionalLong kilobytes(long process) {
        try {
            return Files.readAllLines(Path.of("/proc/" + process + "/status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** Returns the peak so far of this process in KB; nothing outside Linux. */
    static OptionalLong kilobytes() {
        return kilobytes(ProcessHandle.current().pid());
    }
}
