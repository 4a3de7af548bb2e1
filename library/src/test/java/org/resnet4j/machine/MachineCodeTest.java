package org.resnet4j.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.resnet4j.machine.x64.Assembler;
import org.resnet4j.machine.x64.Register;

class MachineCodeTest {
    private static final MethodHandle CALL = MachineCode.caller(FunctionDescriptor.of(ValueLayout.JAVA_LONG));

    @BeforeEach
    void needsMachineCode() {
        String obstacle = MachineCode.obstacle();
        assumeTrue(obstacle == null, obstacle);
    }

    /** Returns code that returns a number. */
    private static byte[] constant(int number) {
        var code = new Assembler();
        code.mov(Register.RAX, number);
        code.ret();
        return code.toBytes();
    }

    private static long call(MemorySegment code) throws Throwable {
        return (long) CALL.invokeExact(code);
    }

    /** Returns the line of the process's memory map with an address. */
    private static Optional<String> mapping(long address) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/self/maps"));
        return lines.stream()
                .filter(line -> {
                    String[] range = line.substring(0, line.indexOf(' ')).split("-");
                    return Long.parseUnsignedLong(range[0], 16) <= address
                            && address < Long.parseUnsignedLong(range[1], 16);
                })
                .findFirst();
    }

    @Test
    void codeRunsFromMemoryThatCannotBeWritten() throws Throwable {
        MemorySegment code = MachineCode.load(constant(-42));
        assertEquals(-42, call(code));
        String mapping = mapping(code.address()).orElseThrow();
        assertTrue(mapping.contains(" r-xp "), mapping);
    }

    @Test
    void equalCodeSharesItsMemory() throws Throwable {
        byte[] bytes = constant(7);
        MemorySegment first = MachineCode.load(bytes);
        MemorySegment second = MachineCode.load(bytes.clone());
        MemorySegment other = MachineCode.load(constant(8));
        assertEquals(first.address(), second.address());
        assertNotEquals(first.address(), other.address());
        assertEquals(7, call(second));
        assertEquals(8, call(other));
        Arrays.fill(bytes, (byte) 0);
        assertEquals(7, call(MachineCode.load(constant(7))));
        Reference.reachabilityFence(first);
    }

    @Test
    void codeIsReleasedWhenNothingRefersToIt() throws Throwable {
        MemorySegment kept = MachineCode.load(constant(1234));
        long address = loadAndForget();
        for (int i = 0; i < 600 && mapping(address).isPresent(); i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertFalse(mapping(address).filter(line -> line.contains("x")).isPresent());
        assertEquals(1234, call(kept));
        assertEquals(5678, call(MachineCode.load(constant(5678))));
    }

    private static long loadAndForget() throws Throwable {
        MemorySegment code = MachineCode.load(constant(5678));
        assertEquals(5678, call(code));
        return code.address();
    }
}
