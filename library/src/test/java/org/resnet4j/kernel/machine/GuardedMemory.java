package org.resnet4j.kernel.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Memory between two pages that must not be touched: the process dies if code reads or writes beyond an end. */
final class GuardedMemory {
    private static final long PAGE = 4096;
    private static final int READ_WRITE = 3;
    private static final int NOTHING = 0;
    private static final int PRIVATE_ANONYMOUS = 0x22;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle MMAP = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("mmap"),
            FunctionDescriptor.of(
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG));
    private static final MethodHandle MPROTECT = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("mprotect"),
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    private static final MethodHandle MUNMAP = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("munmap"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));

    private GuardedMemory() {}

    /**
     * Returns a copy of an array that ends where the page begins that must not be touched, or begins where it ends.
     *
     * @param atEnd true for a guard behind the copy, false for one before it
     */
    static MemorySegment copy(MemorySegment array, boolean atEnd, Arena arena) {
        long length = (array.byteSize() + PAGE - 1) / PAGE * PAGE;
        long whole = length + 2 * PAGE;
        try {
            MemorySegment mapped = ((MemorySegment)
                            MMAP.invokeExact(MemorySegment.NULL, whole, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L))
                    .reinterpret(whole, arena, GuardedMemory::release);
            guard(mapped.asSlice(0, PAGE));
            guard(mapped.asSlice(PAGE + length));
            long begin = atEnd ? PAGE + length - array.byteSize() : PAGE;
            return mapped.asSlice(begin, array.byteSize()).copyFrom(array);
        } catch (RuntimeException | Error known) {
            throw known;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void guard(MemorySegment page) throws Throwable {
        if ((int) MPROTECT.invokeExact(page, PAGE, NOTHING) != 0) {
            throw new AssertionError("no guard");
        }
    }

    private static void release(MemorySegment mapped) {
        try {
            int code = (int) MUNMAP.invokeExact(mapped, mapped.byteSize());
            assert code == 0;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
