package org.resnet4j.kernel.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import org.resnet4j.kernel.machine.OuterCode.Kind;
import org.resnet4j.machine.MachineCode;
import org.resnet4j.machine.RefusedMemoryException;

/**
 * The code for outer products of one format. The arrays of the heap go in as they are, and the garbage collector waits for
 * the end of a call, so a call has to be short.
 */
final class OuterCall {
    private static final int[] VECTORS = {1, 2, 4};

    private static final MethodHandle CALL = MachineCode.caller(FunctionDescriptor.ofVoid(
            ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    /**
     * The memory of a call.
     *
     * @param input the elements that are multiplied, from the first of the depth
     * @param starts the start of each pixel's input, an index of {@code input}
     * @param gradients the gradients of the pixels
     * @param sums the sums, from the first of the depth
     */
    record Arrays(MemorySegment input, MemorySegment starts, MemorySegment gradients, MemorySegment sums) {}

    /**
     * The numbers of a call.
     *
     * @param pixels the pixels, at least one
     * @param gradientStride the elements from a pixel's gradients to the next
     * @param depth the rows of sums
     * @param sumStride the floats from a row of sums to the next
     */
    record Extents(int pixels, int gradientStride, int depth, int sumStride) {}

    /** The code by kind and vectors. */
    private final MemorySegment[][] code = new MemorySegment[Kind.values().length][];

    /**
     * Writes the code.
     *
     * @throws RefusedMemoryException if the operating system refuses executable memory
     */
    OuterCall(ProductFormat format) throws RefusedMemoryException {
        for (Kind kind : Kind.values()) {
            var ofKind = new MemorySegment[VECTORS[VECTORS.length - 1] + 1];
            for (int vectors : VECTORS) {
                ofKind[vectors] = MachineCode.load(OuterCode.write(vectors, format, kind));
            }
            code[kind.ordinal()] = ofKind;
        }
    }

    /**
     * Adds the products. Nothing is checked: the caller has to make sure that everything lies within the arrays.
     *
     * @param vectors the vectors of the panel: 1, 2 or 4
     * @param lastColumns the columns of the last vector that exist
     */
    void run(Kind kind, int vectors, int lastColumns, Arrays arrays, Extents extents) {
        MemorySegment entry = code[kind.ordinal()][vectors];
        try {
            CALL.invokeExact(
                    entry,
                    arrays.input,
                    arrays.starts,
                    arrays.gradients,
                    arrays.sums,
                    (long) Float.BYTES * extents.gradientStride,
                    (long) Float.BYTES * extents.sumStride,
                    (long) extents.depth,
                    (long) extents.pixels,
                    (1L << lastColumns) - 1);
        } catch (RuntimeException | Error known) {
            throw known;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        } finally {
            Reference.reachabilityFence(entry);
        }
    }
}
