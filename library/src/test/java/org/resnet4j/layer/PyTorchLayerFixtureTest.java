package org.resnet4j.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.resnet4j.pytorch.Closeness.assertClose;
import static org.resnet4j.pytorch.Layouts.channelsLast;
import static org.resnet4j.pytorch.Layouts.outLast;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.Accumulation;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.Window;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.pytorch.PyTorchFixture;
import org.resnet4j.pytorch.UniformStream;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/** Compares single operations with PyTorch's values in float64, for both kinds of kernels. */
class PyTorchLayerFixtureTest {
    private static final double TOLERANCE = 2e-6;

    private static final PyTorchFixture FIXTURE = PyTorchFixture.read("layers");

    /** One case of the fixture on one kind of kernels. */
    private interface Check {
        void run(PyTorchFixture expected, Kernels kernels, Workers workers);
    }

    private static List<DynamicTest> all(String operation, Check check) {
        List<DynamicTest> tests = new ArrayList<>();
        for (Kernels kernels : List.of(KernelLookup.scalar(), KernelLookup.vector())) {
            for (PyTorchFixture expected : FIXTURE.children(operation)) {
                tests.add(DynamicTest.dynamicTest(kernels.name() + ": " + expected, () -> {
                    try (var workers = new Workers(1)) {
                        check.run(expected, kernels, workers);
                    }
                }));
            }
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> convolutionsAreThoseOfPyTorch() {
        return all("convolution", (expected, kernels, workers) -> {
            var shape = new ConvolutionShape(
                    expected.integer("batch"),
                    expected.integer("height"),
                    expected.integer("width"),
                    expected.integer("inChannels"),
                    expected.integer("outChannels"),
                    new Window(
                            expected.integer("kernelHeight"),
                            expected.integer("kernelWidth"),
                            expected.integer("stride"),
                            expected.integer("padding")),
                    expected.integer("groups"));
            assertEquals(expected.integer("outHeight"), shape.outHeight());
            assertEquals(expected.integer("outWidth"), shape.outWidth());
            int in = shape.inChannels();
            int out = shape.outChannels();
            float[] x = channelsLast(UniformStream.floats(0, shape.inputSize()), shape.batch(), in);
            float[] w = outLast(UniformStream.floats(1, shape.weightSize()), out, in / shape.groups());
            float[] dy = channelsLast(UniformStream.floats(2, shape.outputSize()), shape.batch(), out);
            float[] y = new float[shape.outputSize()];
            float[] dx = new float[shape.inputSize()];
            float[] dw = new float[shape.weightSize()];
            kernels.convolution().forward(shape, x, w, y, workers);
            kernels.convolution().backwardData(shape, dy, w, dx, Accumulation.OVERWRITE, workers);
            kernels.convolution().backwardWeights(shape, x, dy, dw, workers);
            assertClose("y", channelsLast(expected.numbers("y"), shape.batch(), out), y, TOLERANCE);
            assertClose("dx", channelsLast(expected.numbers("dx"), shape.batch(), in), dx, TOLERANCE);
            assertClose("dw", outLast(expected.numbers("dw"), out, in / shape.groups()), dw, TOLERANCE);
        });
    }

    @TestFactory
    List<DynamicTest> batchNormIsThatOfPyTorch() {
        return all("normalization", (expected, kernels, workers) -> {
            int batch = expected.integer("batch");
            int channels = expected.integer("channels");
            Shape shape = Shape.of(batch, expected.integer("height"), expected.integer("width"), channels);
            boolean summed = expected.flag("residual");
            var activation = expected.flag("relu") ? Activation.RELU : Activation.NONE;
            var norm = new BatchNorm2d("bn", channels, activation);
            copy(UniformStream.floats(1, channels, 0.5, 1), norm.parameters().get(0));
            copy(UniformStream.floats(2, channels, 0.5, 0), norm.parameters().get(1));
            Tensor x = images(0, shape);
            Tensor dy = images(3, shape);
            Tensor residual = summed ? images(4, shape) : null;
            var workspace = new Workspace(new Compute(kernels, workers));
            var tape = new Tape(workspace);

            Tensor y = norm.forwardSum(x, residual, tape);
            assertNhwc("y", expected, shape, y);
            if (summed) {
                BatchNorm2d.Gradients gradients = norm.backwardSum(Gradient.of(dy), tape);
                assertNhwc("dx", expected, shape, gradients.input().read(workspace));
                assertNhwc("dResidual", expected, shape, gradients.residual().read(workspace));
            } else {
                assertNhwc("dx", expected, shape, norm.backward(dy, tape));
            }
            assertClose("dGamma", expected.numbers("dGamma"), gradient(norm, 0), TOLERANCE);
            assertClose("dBeta", expected.numbers("dBeta"), gradient(norm, 1), TOLERANCE);
            assertClose("running mean", expected.numbers("runningMean"), buffer(norm, 0), TOLERANCE);
            assertClose("running variance", expected.numbers("runningVariance"), buffer(norm, 1), TOLERANCE);

            var plain = new BatchNorm2d("bn", channels, Activation.NONE);
            for (int i = 0; i < 2; i++) {
                copy(
                        norm.parameters().get(i).value().array(),
                        plain.parameters().get(i));
                System.arraycopy(buffer(norm, i), 0, buffer(plain, i), 0, channels);
            }
            assertNhwc("normalizedByRunning", expected, shape, plain.predict(x, workspace));
        });
    }

    @TestFactory
    List<DynamicTest> batchStatisticsAreThoseOfPyTorch() {
        return all("normalization", (expected, kernels, workers) -> {
            int channels = expected.integer("channels");
            Shape shape = Shape.of(
                    expected.integer("batch"), expected.integer("height"), expected.integer("width"), channels);
            float[] mean = new float[channels];
            float[] variance = new float[channels];
            kernels.normalization()
                    .statistics(
                            shape.size() / channels, channels, images(0, shape).array(), mean, variance, workers);
            assertClose("mean", expected.numbers("mean"), mean, TOLERANCE);
            assertClose("variance", expected.numbers("variance"), variance, TOLERANCE);
        });
    }

    @TestFactory
    List<DynamicTest> maxPoolingIsThatOfPyTorch() {
        return all("maxPool", (expected, kernels, workers) -> {
            int batch = expected.integer("batch");
            int channels = expected.integer("channels");
            int kernel = expected.integer("kernel");
            var shape = new ConvolutionShape(
                    batch,
                    expected.integer("height"),
                    expected.integer("width"),
                    channels,
                    channels,
                    new Window(kernel, kernel, expected.integer("stride"), expected.integer("padding")),
                    1);
            float[] x = channelsLast(UniformStream.floats(0, shape.inputSize()), batch, channels);
            float[] dy = channelsLast(UniformStream.floats(1, shape.outputSize()), batch, channels);
            float[] y = new float[shape.outputSize()];
            float[] dx = new float[shape.inputSize()];
            kernels.pooling().maxForward(shape, x, y, workers);
            kernels.pooling().maxBackward(shape, x, y, dy, dx, workers);
            assertClose("y", channelsLast(expected.numbers("y"), batch, channels), y, TOLERANCE);
            assertClose("dx", channelsLast(expected.numbers("dx"), batch, channels), dx, TOLERANCE);
        });
    }

    @TestFactory
    List<DynamicTest> averagePoolingIsThatOfPyTorch() {
        return all("averagePool", (expected, kernels, workers) -> {
            int batch = expected.integer("batch");
            int channels = expected.integer("channels");
            int pixels = expected.integer("height") * expected.integer("width");
            float[] x = channelsLast(UniformStream.floats(0, batch * pixels * channels), batch, channels);
            float[] dy = UniformStream.floats(1, batch * channels);
            float[] y = new float[batch * channels];
            float[] dx = new float[x.length];
            kernels.pooling().averageForward(batch, pixels, channels, x, y, workers);
            kernels.pooling().averageBackward(batch, pixels, channels, dy, dx, workers);
            assertClose("y", expected.numbers("y"), y, TOLERANCE);
            assertClose("dx", channelsLast(expected.numbers("dx"), batch, channels), dx, TOLERANCE);
        });
    }

    @TestFactory
    List<DynamicTest> linearLayersAreThoseOfPyTorch() {
        return all("linear", (expected, kernels, workers) -> {
            int rows = expected.integer("rows");
            int in = expected.integer("inFeatures");
            int out = expected.integer("outFeatures");
            float[] x = UniformStream.floats(0, rows * in);
            float[] w = outLast(UniformStream.floats(1, in * out), out, in);
            float[] bias = UniformStream.floats(2, out);
            float[] dy = UniformStream.floats(3, rows * out);
            float[] y = new float[rows * out];
            float[] dx = new float[rows * in];
            float[] dw = new float[in * out];
            float[] dBias = new float[out];
            kernels.linear().forward(rows, in, out, x, w, bias, y, workers);
            kernels.linear().backwardData(rows, in, out, dy, w, dx, workers);
            kernels.linear().backwardWeights(rows, in, out, x, dy, dw, dBias, workers);
            assertClose("y", expected.numbers("y"), y, TOLERANCE);
            assertClose("dx", expected.numbers("dx"), dx, TOLERANCE);
            assertClose("dw", outLast(expected.numbers("dw"), out, in), dw, TOLERANCE);
            assertClose("dBias", expected.numbers("dBias"), dBias, TOLERANCE);
        });
    }

    @TestFactory
    List<DynamicTest> crossEntropyIsThatOfPyTorch() {
        return all("crossEntropy", (expected, kernels, workers) -> {
            int rows = expected.integer("rows");
            int classes = expected.integer("classes");
            float smoothing = (float) expected.number("smoothing");
            float[] logits = UniformStream.floats(0, rows * classes, expected.number("scale"), 0);
            float[] targets = new float[rows * classes];
            for (int row = 0; row < rows; row++) {
                targets[row * classes + row % classes] += expected.flag("mixed") ? 0.75f : 1;
                targets[row * classes + classes - 2] += expected.flag("mixed") ? 0.25f : 0;
            }
            float[] probabilities = new float[rows * classes];
            float[] dLogits = new float[rows * classes];
            kernels.loss().softmax(rows, classes, logits, probabilities);
            double loss = kernels.loss().crossEntropy(rows, classes, logits, targets, smoothing);
            kernels.loss().crossEntropyBackward(rows, classes, logits, targets, smoothing, 1f / rows, dLogits);
            assertClose("probabilities", expected.numbers("probabilities"), probabilities, TOLERANCE);
            double mean = expected.number("meanLoss");
            assertEquals(mean, loss / rows, TOLERANCE * mean, "mean loss");
            assertClose("dLogits", expected.numbers("dLogits"), dLogits, TOLERANCE);
        });
    }

    private static Tensor images(long stream, Shape nhwc) {
        float[] values = UniformStream.floats(stream, nhwc.size());
        return Tensor.wrap(channelsLast(values, nhwc.extent(0), nhwc.extent(3)), nhwc);
    }

    private static void assertNhwc(String key, PyTorchFixture expected, Shape shape, Tensor actual) {
        assertEquals(shape, actual.shape());
        double[] values = channelsLast(expected.numbers(key), shape.extent(0), shape.extent(3));
        assertClose(key, values, actual.array(), TOLERANCE);
    }

    private static void copy(float[] values, Parameter parameter) {
        System.arraycopy(
                values, 0, parameter.value().array(), 0, parameter.value().size());
    }

    private static float[] gradient(BatchNorm2d norm, int index) {
        return norm.parameters().get(index).gradient().array();
    }

    private static float[] buffer(BatchNorm2d norm, int index) {
        return norm.buffers().get(index).value().array();
    }
}
