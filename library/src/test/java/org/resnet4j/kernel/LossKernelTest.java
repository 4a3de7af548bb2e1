package org.resnet4j.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.resnet4j.kernel.Closeness.assertClose;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.resnet4j.kernel.lookup.KernelLookup;

class LossKernelTest {
    static final List<Named<Kernels>> KERNELS =
            List.of(Named.of("scalar", KernelLookup.scalar()), Named.of("vector", KernelLookup.vector()));
    private static final int ROWS = 4;
    private static final int CLASSES = 7;

    private final RandomArrays random = new RandomArrays(8);

    private static double[] softmax(float[] logits, int row) {
        double[] exponentials = new double[CLASSES];
        double sum = 0;
        for (int k = 0; k < CLASSES; k++) {
            exponentials[k] = Math.exp(logits[row * CLASSES + k]);
            sum += exponentials[k];
        }
        for (int k = 0; k < CLASSES; k++) {
            exponentials[k] /= sum;
        }
        return exponentials;
    }

    /** Returns rows of probabilities, as mixup produces them. */
    private float[] targets() {
        float[] targets = new float[ROWS * CLASSES];
        for (int row = 0; row < ROWS; row++) {
            targets[row * CLASSES + row] = 0.75f;
            targets[row * CLASSES + row + 2] = 0.25f;
        }
        return targets;
    }

    @ParameterizedTest
    @FieldSource("KERNELS")
    void softmaxIsTheDefinition(Kernels kernels) {
        float[] logits = random.normal(ROWS * CLASSES, 0, 3);
        double[] expected = new double[ROWS * CLASSES];
        for (int row = 0; row < ROWS; row++) {
            System.arraycopy(softmax(logits, row), 0, expected, row * CLASSES, CLASSES);
        }
        float[] probabilities = RandomArrays.garbage(ROWS * CLASSES);
        kernels.loss().softmax(ROWS, CLASSES, logits, probabilities);
        assertClose(expected, probabilities, 1e-6, "probabilities");
    }

    @ParameterizedTest
    @FieldSource("KERNELS")
    void softmaxOfHugeLogitsNeitherOverflowsNorVanishes(Kernels kernels) {
        float[] probabilities = RandomArrays.garbage(6);
        kernels.loss().softmax(2, 3, new float[] {1e4f, 1e4f, -1e4f, -1e4f, -1e4f, -1e4f}, probabilities);
        float third = (float) (1.0 / 3);
        assertArrayEquals(new float[] {0.5f, 0.5f, 0f, third, third, third}, probabilities, 1e-7f);
    }

    @ParameterizedTest
    @FieldSource("KERNELS")
    void crossEntropyOfHugeLogitsIsTheirDistance(Kernels kernels) {
        float[] logits = {1e4f, -1e4f};
        assertEquals(0, kernels.loss().crossEntropy(1, 2, logits, new float[] {1, 0}, 0f), 1e-9);
        assertEquals(2e4, kernels.loss().crossEntropy(1, 2, logits, new float[] {0, 1}, 0f), 1e-9);
        float[] gradient = RandomArrays.garbage(2);
        kernels.loss().crossEntropyBackward(1, 2, logits, new float[] {0, 1}, 0f, 1f, gradient);
        assertArrayEquals(new float[] {1, -1}, gradient);
    }

    @ParameterizedTest
    @FieldSource("KERNELS")
    void crossEntropyIsTheSumOverTheRowsWithSmoothedTargets(Kernels kernels) {
        float[] logits = random.normal(ROWS * CLASSES, 0, 3);
        float[] targets = targets();
        for (float smoothing : new float[] {0f, 0.1f, 1f}) {
            double expected = 0;
            for (int row = 0; row < ROWS; row++) {
                double[] probabilities = softmax(logits, row);
                for (int k = 0; k < CLASSES; k++) {
                    double target = (1 - smoothing) * targets[row * CLASSES + k] + (double) smoothing / CLASSES;
                    expected -= target * Math.log(probabilities[k]);
                }
            }
            double loss = kernels.loss().crossEntropy(ROWS, CLASSES, logits, targets, smoothing);
            assertEquals(expected, loss, 1e-6 * expected, "smoothing " + smoothing);
        }
    }

    @Test
    void equalLogitsCostTheLogarithmOfTheNumberOfClasses() {
        float[] targets = new float[1000];
        targets[3] = 1f;
        LossKernel loss = KernelLookup.scalar().loss();
        assertEquals(Math.log(1000), loss.crossEntropy(1, 1000, new float[1000], targets, 0f), 1e-12);
        assertEquals(Math.log(1000), loss.crossEntropy(1, 1000, new float[1000], targets, 0.1f), 1e-6);
    }

    @ParameterizedTest
    @FieldSource("KERNELS")
    void gradientIsTheSlopeOfTheLoss(Kernels kernels) {
        float[] logits = random.normal(ROWS * CLASSES, 0, 2);
        float[] targets = targets();
        for (float smoothing : new float[] {0f, 0.1f}) {
            double[] expected = new double[ROWS * CLASSES];
            for (int i = 0; i < expected.length; i++) {
                float step = 0.0078125f;
                float[] up = logits.clone();
                float[] down = logits.clone();
                up[i] += step;
                down[i] -= step;
                double rise = kernels.loss().crossEntropy(ROWS, CLASSES, up, targets, smoothing)
                        - kernels.loss().crossEntropy(ROWS, CLASSES, down, targets, smoothing);
                expected[i] = rise / ((double) up[i] - down[i]) / ROWS;
            }
            float[] gradient = RandomArrays.garbage(ROWS * CLASSES);
            kernels.loss().crossEntropyBackward(ROWS, CLASSES, logits, targets, smoothing, 1f / ROWS, gradient);
            assertClose(expected, gradient, 2e-5, "smoothing " + smoothing);
        }
    }

    /** PyTorch: CrossEntropyLoss(weight=w, label_smoothing=e, reduction='sum') of targets given as probabilities. */
    @ParameterizedTest
    @FieldSource("KERNELS")
    void weightedCrossEntropyIsTheFormulaAndItsGradient(Kernels kernels) {
        float[] logits = random.normal(ROWS * CLASSES, 0, 2);
        float[] targets = targets();
        float[] weights = new float[CLASSES];
        for (int k = 0; k < CLASSES; k++) {
            weights[k] = 0.25f * (k + 1);
        }
        float smoothing = 0.1f;
        double expected = 0;
        double[] gradient = new double[ROWS * CLASSES];
        for (int row = 0; row < ROWS; row++) {
            double[] p = softmax(logits, row);
            double sum = 0;
            for (int k = 0; k < CLASSES; k++) {
                double q = 0.9 * targets[row * CLASSES + k] + 0.1 / CLASSES;
                expected -= weights[k] * q * Math.log(p[k]);
                sum += weights[k] * q;
                gradient[row * CLASSES + k] = -weights[k] * q;
            }
            for (int k = 0; k < CLASSES; k++) {
                gradient[row * CLASSES + k] = (gradient[row * CLASSES + k] + p[k] * sum) * 0.5;
            }
        }
        assertEquals(
                expected,
                kernels.loss().weightedCrossEntropy(ROWS, CLASSES, logits, targets, smoothing, weights),
                1e-5 * expected);
        float[] actual = RandomArrays.garbage(ROWS * CLASSES);
        kernels.loss().weightedCrossEntropyBackward(ROWS, CLASSES, logits, targets, smoothing, weights, 0.5f, actual);
        assertClose(gradient, actual, 1e-5, "gradient");
    }

    @ParameterizedTest
    @FieldSource("KERNELS")
    void weightsOfOneAreNoWeights(Kernels kernels) {
        float[] logits = random.normal(ROWS * CLASSES, 0, 2);
        float[] ones = new float[CLASSES];
        Arrays.fill(ones, 1);
        assertEquals(
                kernels.loss().crossEntropy(ROWS, CLASSES, logits, targets(), 0),
                kernels.loss().weightedCrossEntropy(ROWS, CLASSES, logits, targets(), 0, ones),
                1e-9);
    }
}
