package org.resnet4j.insight;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.inference.StreamNetworks;
import org.resnet4j.insight.GradientFlow.Signal;
import org.resnet4j.insight.GradientFlow.Weights;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.Workspace;
import org.resnet4j.parallel.Workers;
import org.resnet4j.pytorch.PyTorchFixture;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.Optimizer;
import org.resnet4j.training.SessionSettings;
import org.resnet4j.training.session.LayerTrainingSession;

class GradientFlowTest {
    private static final Workers WORKERS = new Workers(2);

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    private static GradientFlow measure(ResNet network, Kernels kernels, Workers workers) {
        int[] labels = IntStream.range(0, 8).toArray();
        return GradientFlow.measure(
                network, StreamNetworks.images(8, 32, 32), labels, new Workspace(new Compute(kernels, workers)));
    }

    @TestFactory
    Stream<DynamicTest> signalsAndGradientsAreThoseOfPyTorch() {
        return PyTorchFixture.read("gradient_flow").children("networks").stream()
                .map(fixture -> DynamicTest.dynamicTest(
                        fixture.text("name") + (fixture.flag("norm") ? "" : " without norm") + ", step "
                                + fixture.integer("steps"),
                        () -> check(fixture)));
    }

    private static void check(PyTorchFixture fixture) {
        ResNetSpec spec = ResNets.named(fixture.text("name"));
        ResNet network =
                StreamNetworks.create(fixture.flag("norm") ? spec : spec.withOrder(ActivationOrder.WITHOUT_NORM));
        descend(network, fixture.integer("steps"), fixture.number("rate"));
        GradientFlow flow = measure(network, KernelLookup.vector(), WORKERS);
        // A deep plain network amplifies rounding errors, in PyTorch's float32 as well, and Winograd convolution rounds
        // some ten times more than the definition. After 110 plain layers, only the order of magnitude agrees.
        double[] tolerances = fixture.numbers("float32");
        for (int i = 0; i < tolerances.length; i++) {
            tolerances[i] = Math.clamp(20 * tolerances[i], 2e-3, 0.5);
        }
        assertNear(fixture.number("loss"), flow.loss(), tolerances[0], "loss");
        double[] activations = fixture.numbers("activations");
        double[] gradients = fixture.numbers("gradients");
        assertEquals(activations.length, flow.signals().size());
        for (int i = 0; i < activations.length; i++) {
            Signal signal = flow.signals().get(i);
            assertNear(activations[i], signal.activation(), tolerances[1], "activation of " + signal.name());
            assertNear(gradients[i], signal.gradient(), tolerances[2], "gradient of " + signal.name());
        }
        double[] norms = fixture.numbers("weights");
        assertEquals(norms.length, flow.weights().size());
        for (int i = 0; i < norms.length; i++) {
            Weights weights = flow.weights().get(i);
            assertNear(norms[i], weights.gradient(), tolerances[3], weights.name());
        }
    }

    /** Runs plain gradient descent on the measured images. */
    private static void descend(ResNet network, int steps, double rate) {
        var optimizer = new Optimizer.Sgd(0, false, 0, false);
        var session = new LayerTrainingSession(
                network, new SessionSettings(optimizer), new Compute(KernelLookup.vector(), WORKERS));
        int[] labels = IntStream.range(0, 8).toArray();
        Tensor targets = Tensor.zeros(8, network.classes());
        for (int label : labels) {
            targets.array()[label * network.classes() + label] = 1;
        }
        for (int step = 0; step < steps; step++) {
            session.accumulate(new Batch(StreamNetworks.images(8, 32, 32), labels, targets), 1);
            session.update(rate);
        }
    }

    private static void assertNear(double expected, double actual, double tolerance, String what) {
        assertEquals(expected, actual, tolerance * Math.abs(expected), what);
    }

    @Test
    void measuringChangesNothingAndThreadsDoNotMatter() {
        ResNet network = StreamNetworks.create(ResNets.named("resnet20"));
        var before = ResNetState.stateDict(network);
        GradientFlow flow = measure(network, KernelLookup.vector(), WORKERS);
        ResNetState.stateDict(network)
                .tensors()
                .forEach((name, tensor) ->
                        assertArrayEquals(before.tensors().get(name).array(), tensor.array(), name));
        for (Parameter parameter : network.parameters()) {
            assertArrayEquals(
                    new float[parameter.shape().size()], parameter.gradient().array(), parameter.name());
        }
        try (var one = new Workers(1)) {
            assertEquals(flow, measure(network, KernelLookup.vector(), one));
        }
    }

    @Test
    void scalarKernelsMeasureTheSame() {
        ResNet network = StreamNetworks.create(ResNets.named("resnet8"));
        GradientFlow vector = measure(network, KernelLookup.vector(), WORKERS);
        GradientFlow scalar = measure(network, KernelLookup.scalar(), WORKERS);
        for (int i = 0; i < scalar.signals().size(); i++) {
            assertNear(
                    scalar.signals().get(i).gradient(), vector.signals().get(i).gradient(), 1e-3, "block " + i);
        }
    }

    @Test
    void stepsAfterTheSecondMakeNoNewBuffers() {
        ResNet network = ResNet.create(ResNets.named("resnet20"), 1);
        var workspace = new Workspace(new Compute(KernelLookup.vector(), WORKERS));
        Tensor images = StreamNetworks.images(4, 32, 32);
        long bytes = 0;
        for (int step = 0; step < 5; step++) {
            GradientFlow.measure(network, images, new int[] {0, 1, 2, 3}, workspace);
            bytes = step == 1 ? workspace.allocatedBytes() : bytes;
        }
        assertEquals(bytes, workspace.allocatedBytes());
    }

    /**
     * With branches of zeros, d = dy at every identity block of a stage, except for ReLU, which passes in such a block.
     */
    @Test
    void identityBlocksWithSilentBranchesHandTheGradientOn() {
        ResNet network = ResNet.create(ResNets.named("resnet20").withZeroInitResidual(true), 1);
        List<Signal> signals = measure(network, KernelLookup.vector(), WORKERS).signals();
        for (int block : new int[] {1, 4, 7}) {
            assertNear(signals.get(block + 1).gradient(), signals.get(block).gradient(), 1e-6, "block " + block);
        }
    }

    @Test
    void depthsCountTheConvolutionsOfTheLongestWay() {
        GradientFlow flow = measure(ResNet.create(ResNets.named("resnet8"), 1), KernelLookup.vector(), WORKERS);
        assertEquals(
                List.of(1, 3, 5, 7), flow.signals().stream().map(Signal::depth).toList());
        assertEquals("conv1", flow.signals().getFirst().name());
        assertEquals(8, flow.weights().getLast().depth());
        assertTrue(flow.ratio() > 0);
    }

    @Test
    void labelsMustFit() {
        ResNet network = ResNet.create(ResNets.named("resnet8"), 1);
        var workspace = new Workspace(new Compute(KernelLookup.vector(), WORKERS));
        Tensor images = StreamNetworks.images(2, 32, 32);
        assertThrows(
                IllegalArgumentException.class, () -> GradientFlow.measure(network, images, new int[] {1}, workspace));
        assertThrows(
                IllegalArgumentException.class,
                () -> GradientFlow.measure(network, images, new int[] {1, 10}, workspace));
    }
}
