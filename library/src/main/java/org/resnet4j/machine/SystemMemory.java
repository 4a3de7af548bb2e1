package org.resnet4j.machine;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** Memory of the operating system, by the functions of the C library on Linux. */
@SuppressWarnings("restricted") // MachineCode checks that native access is granted
final class SystemMemory {
    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int EXECUTE = 4;
    private static final int PRIVATE_ANONYMOUS = 0x22;
    private static final int NO_FILE = -1;
    private static final long LONGEST_TEXT = 256;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERROR = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final AddressLayout ADDRESS = ValueLayout.ADDRESS;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final MethodHandle MMAP =
            function("mmap", FunctionDescriptor.of(ADDRESS, ADDRESS, LONG, INT, INT, INT, LONG));
    private static final MethodHandle MPROTECT = function("mprotect", FunctionDescriptor.of(INT, ADDRESS, LONG, INT));
    private static final MethodHandle MUNMAP = function("munmap", FunctionDescriptor.of(INT, ADDRESS, LONG));
    private static final MethodHandle STRERROR =
            LINKER.downcallHandle(symbol("strerror"), FunctionDescriptor.of(ADDRESS, INT));

    private SystemMemory() {}

    private static MemorySegment symbol(String name) {
        return LINKER.defaultLookup().findOrThrow(name);
    }

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(symbol(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    /** Returns executable, read-only memory with the given bytes, which is released when it is unreachable. */
    static MemorySegment executable(byte[] code) throws RefusedMemoryException {
        long length = code.length;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment mapped = (MemorySegment)
                    MMAP.invokeExact(state, MemorySegment.NULL, length, READ | WRITE, PRIVATE_ANONYMOUS, NO_FILE, 0L);
            if (mapped.address() == -1) {
                throw refused("mmap", state);
            }
            MemorySegment memory = mapped.reinterpret(length, Arena.ofAuto(), SystemMemory::release);
            memory.copyFrom(MemorySegment.ofArray(code));
            if ((int) MPROTECT.invokeExact(state, memory, length, READ | EXECUTE) != 0) {
                throw refused("mprotect", state);
            }
            return memory;
        } catch (RefusedMemoryException | RuntimeException | Error known) {
            throw known;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static RefusedMemoryException refused(String function, MemorySegment state) throws Throwable {
        MemorySegment text = (MemorySegment) STRERROR.invokeExact((int) ERROR.get(state, 0L));
        return new RefusedMemoryException("the operating system refuses executable memory (" + function + ": "
                + text.reinterpret(LONGEST_TEXT).getString(0) + ")");
    }

    /** Releases memory. An address that was mapped with its length cannot fail to be released. */
    private static void release(MemorySegment memory) {
        try (Arena arena = Arena.ofConfined()) {
            int result = (int) MUNMAP.invokeExact(arena.allocate(STATE), memory, memory.byteSize());
            assert result == 0 : "munmap: " + result;
        } catch (RuntimeException | Error known) {
            throw known;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
