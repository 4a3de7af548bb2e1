package org.resnet4j.machine.x64;

import static org.resnet4j.machine.x64.Register.RAX;
import static org.resnet4j.machine.x64.Register.RBX;
import static org.resnet4j.machine.x64.Register.RCX;
import static org.resnet4j.machine.x64.Register.RDI;
import static org.resnet4j.machine.x64.Register.RDX;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.resnet4j.machine.MachineCode;
import org.resnet4j.machine.RefusedMemoryException;

/** The processor that runs this JVM. */
public final class Processor {
    /** The bits of register XCR0 for the state of AVX-512: the operating system saves it. */
    private static final long AVX512_STATE = 0xe6;

    /** The bit of leaf 1 in {@code ecx} that tells that {@code xgetbv} may be called. */
    private static final int OSXSAVE = 27;

    private static final MethodHandle CALL = MachineCode.caller(FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

    private Processor() {}

    /**
     * Returns the features that programs can use. Must be called only if there is no {@link MachineCode#obstacle}.
     *
     * @throws RefusedMemoryException if the operating system refuses executable memory
     */
    public static Set<Feature> features() throws RefusedMemoryException {
        long[] registers = new long[4];
        MemorySegment cpuid = MachineCode.load(cpuid());
        registers[0] = 1;
        call(cpuid, registers);
        boolean hasState = (registers[2] >> OSXSAVE & 1) != 0;
        if (hasState) {
            call(MachineCode.load(xgetbv()), registers);
        }
        if (!hasState || (registers[0] & AVX512_STATE) != AVX512_STATE) {
            return Set.of();
        }
        var features = EnumSet.noneOf(Feature.class);
        for (Feature feature : Feature.values()) {
            registers[0] = Feature.LEAF;
            registers[1] = feature.subleaf();
            call(cpuid, registers);
            if (feature.isIn(registers)) {
                features.add(feature);
            }
        }
        return Collections.unmodifiableSet(features);
    }

    private static void call(MemorySegment code, long[] registers) {
        try {
            CALL.invokeExact(code, MemorySegment.ofArray(registers));
        } catch (RuntimeException | Error known) {
            throw known;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Returns code that reads the leaf and the subleaf from an array, and writes eax, ebx, ecx and edx into it. */
    private static byte[] cpuid() {
        var code = new Assembler();
        code.push(RBX);
        code.mov(RAX, Memory.at(RDI));
        code.mov(RCX, Memory.at(RDI, 8));
        code.cpuid();
        code.mov(Memory.at(RDI), RAX);
        code.mov(Memory.at(RDI, 8), RBX);
        code.mov(Memory.at(RDI, 16), RCX);
        code.mov(Memory.at(RDI, 24), RDX);
        code.pop(RBX);
        code.ret();
        return code.toBytes();
    }

    /** Returns code that writes the lower half of register XCR0 into an array. */
    private static byte[] xgetbv() {
        var code = new Assembler();
        code.xor(RCX, RCX);
        code.xgetbv();
        code.mov(Memory.at(RDI), RAX);
        code.ret();
        return code.toBytes();
    }
}
