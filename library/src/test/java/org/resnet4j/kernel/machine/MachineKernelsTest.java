package org.resnet4j.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.kernel.Int8Kernel;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.kernel.plain.ScalarKernels;
import org.resnet4j.machine.MachineCode;

/** The kernel that runs, with everything that machine code needs and without. */
class MachineKernelsTest {
    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

    /** Options with which the JVM gets all executable memory of its own when it starts. */
    private static final List<String> ALL_AT_ONCE = List.of(
            NATIVE_ACCESS, "-XX:-SegmentedCodeCache", "-XX:InitialCodeCacheSize=48m", "-XX:ReservedCodeCacheSize=48m");

    @TempDir
    private Path folder;

    /** The output of a program, and its messages. */
    private record Run(String output, String messages) {
        String kernel() {
            return output.substring(0, output.indexOf(" | "));
        }

        String digest() {
            return output.substring(output.indexOf(" | "));
        }
    }

    private Run run(List<String> options, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Int8Program.class.getName()));
        command.addAll(Arrays.asList(arguments));
        Path output = folder.resolve("output");
        Path messages = folder.resolve("messages");
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(messages.toFile())
                .start();
        int code = process.waitFor();
        var run = new Run(
                Files.readString(output, StandardCharsets.UTF_8).strip(),
                Files.readString(messages, StandardCharsets.UTF_8));
        assertEquals(0, code, run.toString());
        return run;
    }

    private static boolean hasMachineCode() {
        return MachineKernels.int8(ScalarKernels.int8()).kernel().isPresent();
    }

    @Test
    void aProcessorWithTheInstructionRunsMachineCode() throws IOException {
        boolean off = System.getProperty(MachineCode.PROPERTY, "").equals("off");
        boolean isLinux = System.getProperty("os.name").equals("Linux");
        Path description = Path.of("/proc/cpuinfo");
        boolean hasInstruction = isLinux
                && Files.exists(description)
                && Files.readString(description).contains(" avx512_vnni ");
        assertEquals(
                hasInstruction && !off,
                hasMachineCode(),
                MachineKernels.int8(ScalarKernels.int8()).obstacle());
        Int8Kernel best = KernelLookup.int8();
        assertEquals(hasMachineCode(), best.name().startsWith("machine code"), best.name());
    }

    @Test
    void withoutMachineCodeTheVectorApiComputesTheSame() throws Exception {
        assumeTrue(hasMachineCode());
        Run machine = run(List.of(NATIVE_ACCESS));
        assertTrue(machine.kernel().startsWith("machine code"), machine.toString());
        assertFalse(machine.messages.contains("without machine code"), machine.toString());
        Run off = run(List.of(NATIVE_ACCESS, "-D" + MachineCode.PROPERTY + "=off"));
        Run unasked = run(List.of());
        Run forbidden = run(ALL_AT_ONCE, "forbid");
        assertTrue(off.messages.contains("it is switched off by -Dresnet4j.machine=off"), off.toString());
        assertTrue(
                unasked.messages.contains("Java was started without --enable-native-access=ALL-UNNAMED"),
                unasked.toString());
        assertFalse(unasked.messages.contains("restricted method"), unasked.toString());
        for (Run run : List.of(off, unasked)) {
            assertTrue(run.kernel().startsWith("vector"), run.toString());
            assertEquals(machine.digest(), run.digest());
        }
        assumeFalse(forbidden.output.equals("cannot forbid"), "needs Linux 6.3");
        assertTrue(
                forbidden.messages.contains(
                        "the operating system refuses executable memory (mprotect: Permission denied)"),
                forbidden.toString());
        assertTrue(forbidden.kernel().startsWith("vector"), forbidden.toString());
        assertEquals(machine.digest(), forbidden.digest());
    }
}
