package org.resnet4j.kernel.machine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.resnet4j.machine.x64.Register.R10;
import static org.resnet4j.machine.x64.Register.R11;
import static org.resnet4j.machine.x64.Register.R8;
import static org.resnet4j.machine.x64.Register.R9;
import static org.resnet4j.machine.x64.Register.RAX;
import static org.resnet4j.machine.x64.Register.RCX;
import static org.resnet4j.machine.x64.Register.RDI;
import static org.resnet4j.machine.x64.Register.RDX;
import static org.resnet4j.machine.x64.Register.RSI;
import static org.resnet4j.machine.x64.Register.RSP;
import static org.resnet4j.machine.x64.Vector.zmm;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import org.resnet4j.machine.MachineCode;
import org.resnet4j.machine.RefusedMemoryException;
import org.resnet4j.machine.x64.Assembler;
import org.resnet4j.machine.x64.Label;
import org.resnet4j.machine.x64.Mask;
import org.resnet4j.machine.x64.Memory;
import org.resnet4j.machine.x64.Register;
import org.resnet4j.machine.x64.Vector;

/**
 * The code that zips pixels, two at a time: each element of the result has the number of the first pixel in its lower half
 * and that of the second in its upper half. A step zips 16 numbers.
 */
final class ZipCode {
    /** The numbers of a step. */
    static final int LANES = TileCode.LANES;

    private static final Register PAIRS = RDI;
    private static final Register STARTS = RSI;
    private static final Register TARGET = RDX;
    private static final Register COUNT = RCX;
    private static final Register STRIDE = R8;
    private static final Register WHOLE_STEPS = R9;
    private static final Register FIRST_PIXEL = R10;
    private static final Register SECOND_PIXEL = R11;

    /** The arguments on the stack, above the return address: the lanes of whole steps and of the last step. */
    private static final Memory LANES_OF_SECOND = Memory.at(RSP, Long.BYTES);

    private static final Memory LAST_OF_FIRST = Memory.at(RSP, 2 * Long.BYTES);
    private static final Memory LAST_OF_SECOND = Memory.at(RSP, 3 * Long.BYTES);

    private static final Mask OF_SECOND = Mask.K1;
    private static final Mask LAST_FIRST = Mask.K2;
    private static final Mask LAST_SECOND = Mask.K3;
    private static final Vector FIRST = zmm(16);
    private static final Vector SECOND = zmm(17);

    private static final MethodHandle CALL = MachineCode.caller(FunctionDescriptor.ofVoid(
            ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private final Assembler code = new Assembler();
    private final MemorySegment entry;

    /**
     * Writes the code.
     *
     * @throws RefusedMemoryException if the operating system refuses executable memory
     */
    ZipCode() throws RefusedMemoryException {
        entry = MachineCode.load(write());
    }

    /**
     * Zips pixels. Nothing is checked: the caller has to make sure that everything lies within the arrays.
     *
     * @param pairs the array of the pixels
     * @param starts the start of each pixel, two for each row
     * @param target the first row
     * @param rows the number of rows, at least one
     * @param numbers the numbers of a pixel
     * @param stride the elements from a row to the next
     * @param alone true for rows of one pixel, which is zipped with zeros
     */
    void run(
            MemorySegment pairs,
            MemorySegment starts,
            MemorySegment target,
            int rows,
            int numbers,
            int stride,
            boolean alone) {
        int wholeSteps = (numbers - 1) / LANES;
        long last = (1L << numbers - wholeSteps * LANES) - 1;
        long all = (1L << LANES) - 1;
        try {
            CALL.invokeExact(
                    entry,
                    pairs,
                    starts,
                    target,
                    (long) rows,
                    (long) Float.BYTES * stride,
                    (long) wholeSteps,
                    alone ? 0 : all,
                    last,
                    alone ? 0 : last);
        } catch (RuntimeException | Error known) {
            throw known;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        } finally {
            Reference.reachabilityFence(entry);
        }
    }

    private byte[] write() {
        kmov(OF_SECOND, LANES_OF_SECOND);
        kmov(LAST_FIRST, LAST_OF_FIRST);
        kmov(LAST_SECOND, LAST_OF_SECOND);
        var row = new Label();
        code.bind(row);
        start(FIRST_PIXEL, 0);
        start(SECOND_PIXEL, Integer.BYTES);
        code.mov(RAX, TARGET);
        code.push(WHOLE_STEPS);
        var last = new Label();
        var step = new Label();
        code.bind(step);
        code.dec(WHOLE_STEPS);
        code.jl(last);
        zip(FIRST, SECOND.zeroed(OF_SECOND));
        code.add(FIRST_PIXEL, LANES * Short.BYTES);
        code.add(SECOND_PIXEL, LANES * Short.BYTES);
        code.add(RAX, TileCode.VECTOR_BYTES);
        code.jmp(step);
        code.bind(last);
        code.pop(WHOLE_STEPS);
        zip(FIRST.zeroed(LAST_FIRST), SECOND.zeroed(LAST_SECOND));
        code.add(STARTS, 2 * Integer.BYTES);
        code.add(TARGET, STRIDE);
        code.dec(COUNT);
        code.jne(row);
        code.vzeroupper();
        code.ret();
        return code.toBytes();
    }

    private void kmov(Mask to, Memory lanes) {
        code.mov(RAX, lanes);
        code.kmovw(to, RAX);
    }

    private void start(Register to, int offset) {
        code.movsxd(to, Memory.at(STARTS, offset));
        code.lea(to, Memory.at(PAIRS, to, Float.BYTES));
    }

    private void zip(Vector first, Vector second) {
        code.vpmovzxwd(first, Memory.at(FIRST_PIXEL));
        code.vpmovzxwd(second, Memory.at(SECOND_PIXEL));
        code.vpslld(SECOND, SECOND, Short.SIZE);
        code.vpxord(FIRST, FIRST, SECOND);
        code.vmovups(Memory.at(RAX), FIRST);
    }
}
