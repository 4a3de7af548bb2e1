package org.resnet4j.kernel.machine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Int8Epilogue;
import org.resnet4j.kernel.Int8Kernel;
import org.resnet4j.kernel.Int8Rescaling;
import org.resnet4j.kernel.Int8Weights;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.kernel.PaddedPlaces;
import org.resnet4j.kernel.Window;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;

/** A program that convolves bytes with the best kernel, and prints its name and a digest of the result. */
public final class Int8Program {
    private static final int PR_SET_MDWE = 65;
    private static final long REFUSE_EXEC_GAIN = 1;

    private Int8Program() {}

    /**
     * @param arguments {@code forbid} for a process that may not get executable memory, or nothing
     */
    public static void main(String[] arguments) throws Throwable {
        if (arguments.length > 0 && !forbid()) {
            System.out.println("cannot forbid");
            return;
        }
        Int8Kernel kernel = KernelLookup.int8();
        var shape = new ConvolutionShape(1, 9, 9, 12, 70, new Window(3, 3, 1, 1), 1);
        var random = new SplittableRandom(3);
        var w = new byte[shape.weightSize()];
        random.nextBytes(w);
        var factors = new float[70];
        Arrays.fill(factors, 1e-3f);
        var x = PaddedImages.ofBytes(1, 9, 9, 12, 1);
        var y = PaddedImages.ofBytes(1, 9, 9, 70, 0);
        var input = new byte[x.length()];
        random.nextBytes(input);
        var output = new byte[y.length()];
        try (var workers = new Workers(2)) {
            kernel.pack(shape, new Int8Weights(w, new Int8Epilogue(new Int8Rescaling(factors, factors, 0, 0), null)))
                    .run(new PaddedPlaces(shape, x, y, null), input, null, output, workers);
        }
        System.out.println(kernel.name() + " | " + Arrays.hashCode(output));
    }

    /** Forbids this process to make memory executable, as Linux does for hardened services. */
    private static boolean forbid() throws Throwable {
        Linker linker = Linker.nativeLinker();
        var descriptor = FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG);
        var prctl = linker.downcallHandle(linker.defaultLookup().findOrThrow("prctl"), descriptor);
        return (int) prctl.invokeExact(PR_SET_MDWE, REFUSE_EXEC_GAIN, 0L, 0L, 0L) == 0;
    }
}
