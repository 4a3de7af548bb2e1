package org.resnet4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.ElementwiseKernel;
import org.resnet4j.kernel.NormalizationKernel;
import org.resnet4j.kernel.NormalizationKernel.Forward;
import org.resnet4j.kernel.PoolingKernel;

class TrafficTest {
    /** 2x6x6x4 numbers to 2x3x3x4. */
    private static final ConvolutionShape SHAPE = LayerShape.parse("2x6:4>4:3/2");

    private static final int IN = 2 * 6 * 6 * 4;
    private static final int OUT = 2 * 3 * 3 * 4;
    private static final float[] SOME = new float[1];

    private static Forward forward(float @Nullable [] y) {
        return new Forward(6, 4, SOME, SOME, SOME, SOME, y, Activation.RELU);
    }

    @Test
    void normalizationReadsAndWritesItsMaps() {
        assertEquals(24, Traffic.numbers("statistics", 6, 4, SOME, SOME, SOME, null));
        assertEquals(48, Traffic.numbers("apply", 6, 4, SOME, SOME, null, Activation.RELU, SOME, null));
        assertEquals(72, Traffic.numbers("apply", 6, 4, SOME, SOME, SOME, Activation.RELU, SOME, null));
        assertEquals(48, Traffic.numbers("beginBackward", forward(null), null, null));
        assertEquals(96, Traffic.numbers("beginBackward", forward(SOME), null, null));
        assertEquals(72, Traffic.numbers(Traffic.INPUT_GRADIENT, 6, 4));
    }

    @Test
    void poolingReadsOneSideAndWritesTheOther() {
        assertEquals(IN + OUT, Traffic.numbers("maxForward", SHAPE, SOME, SOME, null));
        assertEquals(2 * (IN + OUT), Traffic.numbers("maxBackward", SHAPE, SOME, SOME, SOME, SOME, null));
        assertEquals(2 * OUT, Traffic.numbers("subsample", SHAPE, SOME, SOME, null));
        assertEquals(IN + OUT, Traffic.numbers("subsampleBackward", SHAPE, SOME, SOME, null));
        assertEquals(120, Traffic.numbers("averageForward", 2, 6, 10, SOME, SOME, null));
    }

    @Test
    void sumsReadTwoAndWriteOne() {
        assertEquals(30, Traffic.numbers("add", 10, SOME, SOME, null));
        assertEquals(20, Traffic.numbers("relu", 10, SOME, SOME, null));
    }

    /** A method that is added to these kernels needs a case. */
    @Test
    void everyKernelThatIsLimitedByMemoryIsCounted() {
        for (Class<?> kernel : List.of(NormalizationKernel.class, ElementwiseKernel.class, PoolingKernel.class)) {
            for (Method method : kernel.getDeclaredMethods()) {
                @Nullable
                Object[] arguments = Arrays.stream(method.getParameterTypes())
                        .map(type -> type == int.class
                                ? (Object) 2
                                : type == ConvolutionShape.class ? SHAPE : type == Forward.class ? forward(SOME) : null)
                        .toArray();
                assertTrue(Traffic.numbers(method.getName(), arguments) > 0, method::toString);
            }
        }
    }

    @Test
    void convolutionsAreNotLimitedByMemory() {
        assertEquals(0, Traffic.numbers("forward", SHAPE, SOME, SOME, SOME, null));
    }
}
