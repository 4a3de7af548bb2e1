package org.resnet4j.machine.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.resnet4j.machine.MachineCode;

class ProcessorTest {
    @Test
    void theFeaturesAreThoseThatLinuxReports() throws Exception {
        String obstacle = MachineCode.obstacle();
        assumeTrue(obstacle == null, obstacle);
        String flags = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .orElseThrow();
        Set<String> known = new HashSet<>(Arrays.asList(flags.split("\\s+")));
        Set<String> expected = Arrays.stream(Feature.values())
                .map(feature -> feature.name().toLowerCase(Locale.ROOT))
                .filter(known::contains)
                .collect(Collectors.toSet());
        Set<String> actual = Processor.features().stream()
                .map(feature -> feature.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        assertEquals(expected, actual);
    }
}
