package org.resnet4j.kernel.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import org.resnet4j.machine.MachineCode;
import org.resnet4j.machine.RefusedMemoryException;

/**
 * Calls of machine code for AVX-512 that multiplies rows by panels of weights. It needs no JIT compiler, so the first
 * product of a process is as fast as the last. The arrays of the heap go in as they are, and the garbage collector waits
 * for the end of a call, so a call has to be short.
 */
final class ProductCalls {
    /** The columns of a vector of the panel. */
    static final int LANES = TileCode.LANES;

    /** The rows of one or two tiles; a call of a multiple of them is fastest. */
    static final int ROWS = ProductCode.MOST_ROWS;

    private static final int[] VECTORS = {1, 2, 4};

    private static final MethodHandle CALL = MachineCode.caller(FunctionDescriptor.ofVoid(
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_FLOAT));

    /** What becomes of the sums. */
    enum Kind {
        /** They replace the results. */
        OVERWRITE,
        /** They are added to the results: floats from the first product on, bfloat16 numbers at the end. */
        ADD,
        /** The bias is added, and the maximum with the least result replaces the results. */
        BIAS,
        /** The bias and the results are added, and the maximum with the least result replaces the results. */
        BIAS_AND_ADD;

        boolean hasBias() {
            return this == BIAS || this == BIAS_AND_ADD;
        }

        boolean adds() {
            return this == ADD || this == BIAS_AND_ADD;
        }
    }

    /**
     * The memory of a call.
     *
     * @param input the rows are in this array
     * @param weights the panel, from its first row
     * @param output the results are in this array of floats or pairs, from the first column of the panel
     * @param starts the start of each row, an index of {@code input}
     * @param results the start of each row's results, an index of {@code output}
     * @param bias the bias of the columns, in whole vectors; anything if none is added
     */
    record Arrays(
            MemorySegment input,
            MemorySegment weights,
            MemorySegment output,
            MemorySegment starts,
            MemorySegment results,
            MemorySegment bias) {}

    /**
     * The rows of a call.
     *
     * @param count the number of rows
     * @param runs the runs of adjacent floats of a row
     * @param runLength the floats of a run
     * @param runStride the floats from the start of a run to the start of the next
     */
    record Rows(int count, int runs, int runLength, int runStride) {}

    /** The code by kind and vectors. */
    private final MemorySegment[][] code = new MemorySegment[Kind.values().length][];

    /**
     * Writes the code.
     *
     * @throws RefusedMemoryException if the operating system refuses executable memory
     */
    ProductCalls(ProductFormat format) throws RefusedMemoryException {
        for (Kind kind : Kind.values()) {
            var ofKind = new MemorySegment[VECTORS[VECTORS.length - 1] + 1];
            for (int vectors : VECTORS) {
                ofKind[vectors] = MachineCode.load(ProductCode.write(format, vectors, kind));
            }
            code[kind.ordinal()] = ofKind;
        }
    }

    /**
     * Computes the product. Nothing is checked: the caller has to make sure that everything lies within the arrays.
     *
     * @param vectors the vectors of the panel: 1, 2 or 4
     * @param lastColumns the columns of the last vector that exist
     * @param least the least result of kinds with a bias
     */
    void run(Kind kind, int vectors, int lastColumns, float least, Arrays arrays, Rows rows) {
        MemorySegment entry = code[kind.ordinal()][vectors];
        try {
            CALL.invokeExact(
                    entry,
                    arrays.input,
                    arrays.weights,
                    arrays.output,
                    arrays.starts,
                    arrays.results,
                    arrays.bias,
                    (long) rows.count,
                    (long) rows.runs,
                    (long) Float.BYTES * rows.runLength,
                    (long) Float.BYTES * rows.runStride,
                    (1L << lastColumns) - 1,
                    least);
        } catch (RuntimeException | Error known) {
            throw known;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        } finally {
            Reference.reachabilityFence(entry);
        }
    }
}
