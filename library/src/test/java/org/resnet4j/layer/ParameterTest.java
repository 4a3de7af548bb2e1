package org.resnet4j.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

class ParameterTest {
    private final Parameter parameter = new Parameter("w", Parameter.Role.BIAS, Shape.of(3));

    @Test
    void valueAndGradientAreMadeOnce() {
        assertSame(parameter.value(), parameter.value());
        assertSame(parameter.gradient(), parameter.gradient());
        assertNotSame(parameter.value().array(), parameter.gradient().array());
        assertEquals(Shape.of(3), parameter.value().shape());
        assertEquals(Shape.of(3), parameter.gradient().shape());
    }

    @Test
    void allThreadsGetTheSameGradient() throws Exception {
        try (var pool = Executors.newFixedThreadPool(8)) {
            for (int round = 0; round < 50; round++) {
                var fresh = new Parameter("w", Parameter.Role.BIAS, Shape.of(3));
                List<Callable<Tensor>> calls = IntStream.range(0, 8)
                        .<Callable<Tensor>>mapToObj(i -> fresh::gradient)
                        .toList();
                for (var answer : pool.invokeAll(calls)) {
                    assertSame(fresh.gradient(), answer.get());
                }
            }
        }
    }

    @Test
    void gradientOfAnotherShapeIsRefused() {
        assertThrows(
                ShapeMismatchException.class,
                () -> new Parameter("w", Parameter.Role.BIAS, Tensor.zeros(3), Tensor.zeros(4)));
    }

    @Test
    void copiesComeFromTheSourceUntilTheValueIsAskedFor() {
        parameter.value().array()[0] = 5;
        var reads = new AtomicInteger();
        parameter.takeValueFrom(target -> target[1] = reads.incrementAndGet());
        var target = new float[] {7, 7, 7, 7};
        parameter.copyValueTo(target);
        assertArrayEquals(new float[] {7, 1, 7, 7}, target);
        parameter.copyValueTo(target);
        assertArrayEquals(new float[] {7, 2, 7, 7}, target);
        assertArrayEquals(new float[] {0, 3, 0}, parameter.value().array());
        parameter.copyValueTo(target);
        assertArrayEquals(new float[] {0, 3, 0, 7}, target);
        assertEquals(3, reads.get());
    }

    @Test
    void aValueReadFromItsSourceKeepsWhatIsWrittenToIt() {
        parameter.takeValueFrom(target -> target[1] = 2);
        parameter.value().array()[0] = 5;
        assertSame(parameter.value(), parameter.value());
        assertArrayEquals(new float[] {5, 2, 0}, parameter.value().array());
        var target = new float[3];
        parameter.copyValueTo(target);
        assertArrayEquals(new float[] {5, 2, 0}, target);
    }

    @Test
    void aNewSourceReplacesTheValue() {
        parameter.takeValueFrom(target -> target[1] = 2);
        assertArrayEquals(new float[] {0, 2, 0}, parameter.value().array());
        parameter.takeValueFrom(target -> target[2] = 3);
        assertArrayEquals(new float[] {0, 0, 3}, parameter.value().array());
    }

    @Test
    void valueIsCopiedToTheStartOfALongerArray() {
        parameter.value().array()[2] = 4;
        var target = new float[] {7, 7, 7, 7};
        parameter.copyValueTo(target);
        assertArrayEquals(new float[] {0, 0, 4, 7}, target);
    }
}
