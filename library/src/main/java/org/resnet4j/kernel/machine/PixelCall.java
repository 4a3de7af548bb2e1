package org.resnet4j.kernel.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import org.resnet4j.machine.MachineCode;

/**
 * A call of {@link PixelCode}. The arrays of the heap go in as they are, and the garbage collector waits for the call, so
 * a call has to be short.
 */
final class PixelCall {
    private static final MethodHandle CALL = MachineCode.caller(FunctionDescriptor.ofVoid(
            ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
            JAVA_LONG, JAVA_LONG));

    private PixelCall() {}

    /**
     * The memory of a call.
     *
     * @param input the image, from the first byte that the panel reads of its first pixel
     * @param weights the weights of the panel
     * @param output the image, from the first channel of the panel
     * @param residual the image, from the first channel of the panel; anything if none is added
     * @param table the entries of the pixels: the positions in input, output and residual, in bytes
     * @param constants the constants of the panel
     */
    record Arrays(
            MemorySegment input,
            MemorySegment weights,
            MemorySegment output,
            MemorySegment residual,
            MemorySegment table,
            MemorySegment constants) {}

    /**
     * The walk over the window of a pixel.
     *
     * @param rows the rows of segments
     * @param segments the segments of a row
     * @param segmentBytes the adjacent bytes of a segment, a multiple of four
     * @param segmentStride the bytes from a segment to the next
     * @param rowStride the bytes from the end of the segments of a row to the next row
     */
    record Walk(int rows, int segments, int segmentBytes, int segmentStride, int rowStride) {}

    /**
     * The results of a call.
     *
     * @param pixels the number of pixels
     * @param lastLanes the output channels of the panel's last vector
     */
    record Results(int pixels, int lastLanes) {}

    /**
     * Runs the code. Nothing is checked: the caller has to make sure that everything lies within the arrays.
     *
     * @param code the entry of the code
     */
    static void run(MemorySegment code, Arrays arrays, Walk walk, Results results) {
        long lanes = (1L << results.lastLanes) - 1;
        try {
            CALL.invokeExact(
                    code,
                    arrays.input,
                    arrays.weights,
                    arrays.output,
                    arrays.residual,
                    arrays.table,
                    arrays.constants,
                    (long) results.pixels,
                    (long) walk.rows,
                    (long) walk.segments,
                    (long) walk.segmentBytes,
                    (long) walk.segmentStride,
                    (long) walk.rowStride,
                    lanes);
        } catch (RuntimeException | Error known) {
            throw known;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        } finally {
            Reference.reachabilityFence(code);
        }
    }
}
