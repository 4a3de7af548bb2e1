package org.resnet4j.kernel.plain;

import static org.resnet4j.kernel.Closeness.assertClose;
import static org.resnet4j.kernel.DoubleReference.widen;

import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.resnet4j.kernel.Accumulation;
import org.resnet4j.kernel.ConvolutionKernel;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.ConvolutionShapes;
import org.resnet4j.kernel.DoubleReference;
import org.resnet4j.kernel.RandomArrays;
import org.resnet4j.parallel.Workers;

/** Compares the reference implementation of convolution with the definition. */
class ScalarConvolutionTest {
    private static final Workers WORKERS = new Workers(1);
    private static final double TOLERANCE = 5e-6;

    private final RandomArrays random = new RandomArrays(1);
    private final ConvolutionKernel scalar = new ScalarConvolution();

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    @Test
    void forwardIsTheDefinition() {
        for (ConvolutionShape shape : ConvolutionShapes.small()) {
            float[] x = random.mixed(shape.inputSize());
            float[] w = random.mixed(shape.weightSize());
            float[] y = RandomArrays.garbage(shape.outputSize());
            scalar.forward(shape, x, w, y, WORKERS);
            assertClose(DoubleReference.convolution(shape, widen(x), widen(w)), y, TOLERANCE, shape);
        }
    }

    @Test
    void gradientToTheDataIsTheDefinitionAndMayBeAdded() {
        for (ConvolutionShape shape : ConvolutionShapes.small()) {
            float[] dy = random.mixed(shape.outputSize());
            float[] w = random.mixed(shape.weightSize());
            float[] dx = RandomArrays.garbage(shape.inputSize());
            scalar.backwardData(shape, dy, w, dx, Accumulation.OVERWRITE, WORKERS);
            double[] expected = DoubleReference.convolutionDataGradient(shape, widen(dy), widen(w));
            assertClose(expected, dx, TOLERANCE, shape);
            float[] sum = new float[shape.inputSize()];
            Arrays.fill(sum, 0.5f);
            scalar.backwardData(shape, dy, w, sum, Accumulation.ADD, WORKERS);
            assertClose(Arrays.stream(expected).map(value -> value + 0.5).toArray(), sum, TOLERANCE, shape);
        }
    }

    @Test
    void gradientToTheWeightsIsTheDefinitionAndIsAdded() {
        for (ConvolutionShape shape : ConvolutionShapes.small()) {
            float[] x = random.mixed(shape.inputSize());
            float[] dy = random.mixed(shape.outputSize());
            float[] dw = new float[shape.weightSize()];
            Arrays.fill(dw, 0.5f);
            scalar.backwardWeights(shape, x, dy, dw, WORKERS);
            double[] expected = DoubleReference.convolutionWeightGradient(shape, widen(x), widen(dy));
            assertClose(Arrays.stream(expected).map(value -> value + 0.5).toArray(), dw, TOLERANCE, shape);
        }
    }
}
