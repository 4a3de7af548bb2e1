package org.resnet4j.resnet.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.resnet4j.pytorch.Closeness.assertClose;
import static org.resnet4j.pytorch.Closeness.assertSummary;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.parallel.Workers;
import org.resnet4j.pytorch.Layouts;
import org.resnet4j.pytorch.PyTorchFixture;
import org.resnet4j.pytorch.UniformStream;
import org.resnet4j.resnet.BlockKind;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.resnet.Stem;
import org.resnet4j.resnet.StridePlacement;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.Optimizer;
import org.resnet4j.training.SessionSettings;
import org.resnet4j.training.session.LayerTrainingSession;
import org.resnet4j.weights.StateDict;

/**
 * Compares whole networks with PyTorch in float64: logits, batch statistics, every gradient, and ten training steps.
 * The tolerances are a few times PyTorch's own error in float32 (see the fixtures).
 */
class PyTorchFixtureTest {
    private static final double TOLERANCE = 1e-5;

    /** The tolerance for gradients of the first convolutions, which are sums of many numbers that cancel. */
    private static final double GRADIENT_TOLERANCE = 5e-5;

    private static final List<String> NETWORKS =
            List.of("resnet20", "resnet20-cifar", "tinybottleneck", "tinybottleneck-v1", "tinyimagenetstem");

    /** A check of one network on one kind of kernels. */
    private interface Check {
        void run(PyTorchFixture expected, ResNet network, Workspace workspace);
    }

    private static List<DynamicTest> all(Check check) {
        List<DynamicTest> tests = new ArrayList<>();
        for (Kernels kernels : List.of(KernelLookup.scalar(), KernelLookup.vector())) {
            for (String name : NETWORKS) {
                tests.add(DynamicTest.dynamicTest(name + ", " + kernels.name(), () -> {
                    PyTorchFixture expected = PyTorchFixture.read(name);
                    try (var workers = new Workers(2)) {
                        check.run(expected, network(expected), new Workspace(new Compute(kernels, workers)));
                    }
                }));
            }
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> scoresAndBatchStatisticsAreThoseOfPyTorch() {
        return all((expected, network, workspace) -> {
            Tensor logits = network.forward(batch(expected, 0).images(), new Tape(workspace));
            assertClose("logits", expected.numbers("logits"), logits.array(), TOLERANCE);
            PyTorchFixture statistics = expected.child("statistics");
            for (String name : statistics.keys()) {
                PyTorchFixture one = statistics.child(name);
                double[] mean = one.numbers("mean");
                double[] variance = one.numbers("variance");
                double count = one.number("count");
                float[] running = buffer(network, name + ".running_mean");
                for (int c = 0; c < mean.length; c++) {
                    assertEquals(mean[c], running[c] / 0.1, TOLERANCE * Math.sqrt(variance[c]), "mean of " + name);
                    variance[c] = 0.9 + 0.1 * variance[c] * count / (count - 1);
                }
                assertClose(name, variance, buffer(network, name + ".running_var"), TOLERANCE);
            }
        });
    }

    @TestFactory
    List<DynamicTest> everyGradientIsThatOfPyTorch() {
        return all((expected, network, workspace) -> {
            Batch batch = batch(expected, 0);
            int classes = network.classes();
            var tape = new Tape(workspace);
            Tensor logits = network.forward(batch.images(), tape);
            Tensor gradient = Tensor.zeros(logits.shape());
            workspace
                    .compute()
                    .kernels()
                    .loss()
                    .crossEntropyBackward(
                            batch.size(),
                            classes,
                            logits.array(),
                            batch.targets().array(),
                            0,
                            1f / batch.size(),
                            gradient.array());
            network.backward(gradient, tape);
            assertTrue(tape.isEmpty());
            PyTorchFixture gradients = expected.child("gradients");
            assertEquals(gradients.keys(), names(network));
            for (Parameter parameter : network.parameters()) {
                var asValue = new Parameter(parameter.name(), parameter.role(), parameter.gradient());
                Tensor inFile = StateLayout.toFile(asValue);
                assertSummary(
                        "gradient of " + parameter.name(),
                        gradients.child(parameter.name()),
                        inFile.size(),
                        inFile.array(),
                        GRADIENT_TOLERANCE);
            }
        });
    }

    @TestFactory
    List<DynamicTest> trainingIsThatOfPyTorch() {
        return all((expected, network, workspace) -> {
            PyTorchFixture training = expected.child("training");
            var sgd = new Optimizer.Sgd(training.number("momentum"), false, training.number("weightDecay"), true);
            var session = new LayerTrainingSession(network, new SessionSettings(sgd), workspace.compute());
            double[] losses = expected.numbers("losses");
            assertEquals(training.integer("steps"), losses.length);
            for (int step = 0; step < losses.length; step++) {
                double loss = session.accumulate(batch(expected, step), 1).loss();
                assertEquals(losses[step], loss, TOLERANCE * losses[step], "loss of step " + step);
                session.update(training.number("learningRate"));
            }
            StateDict state = ResNetState.stateDict(network);
            for (String part : List.of("parameters", "buffers")) {
                if (losses.length > 1) {
                    PyTorchFixture summaries = expected.child(part);
                    for (String name : summaries.keys()) {
                        Tensor tensor = state.get(name);
                        assertSummary(name, summaries.child(name), tensor.size(), tensor.array(), TOLERANCE);
                    }
                }
            }
            Tensor logits = network.predict(batch(expected, 0).images(), workspace);
            assertClose("logits in evaluation", expected.numbers("evaluated"), logits.array(), TOLERANCE);
        });
    }

    /** Returns the network described by the fixture, with PyTorch's initial weights. */
    private static ResNet network(PyTorchFixture expected) {
        PyTorchFixture description = expected.child("network");
        ResNet network = ResNet.create(spec(description), 1);
        PyTorchFixture shapes = expected.child("shapes");
        assertEquals(List.copyOf(shapes.keys()), List.copyOf(names(network)), "the order of the parameters");
        var state = new StateDict();
        int stream = 0;
        for (Parameter parameter : network.parameters()) {
            Shape shape = StateLayout.fileShape(parameter);
            assertEquals(shapes.integers(parameter.name()).toString(), shape.toString(), parameter.name());
            float[] values = initial(parameter, shape, stream, network.spec().features());
            state.put(parameter.name(), Tensor.wrap(values, shape));
            stream++;
        }
        assertEquals(
                List.copyOf(names(network)), ResNetState.load(network, state).applied());
        return network;
    }

    private static float[] initial(Parameter parameter, Shape shape, int stream, int features) {
        int size = shape.size();
        return switch (parameter.role()) {
            case CONVOLUTION_WEIGHT -> {
                int fanOut = shape.extent(0) * shape.extent(2) * shape.extent(3);
                yield UniformStream.floats(stream, size, Math.sqrt(6.0 / fanOut), 0);
            }
            case LINEAR_WEIGHT -> UniformStream.floats(stream, size, 1 / Math.sqrt(shape.extent(1)), 0);
            case NORM_SCALE -> UniformStream.floats(stream, size, 0.1, 1);
            case NORM_SHIFT -> UniformStream.floats(stream, size, 0.1, 0);
            case BIAS -> UniformStream.floats(stream, size, 1 / Math.sqrt(features), 0);
        };
    }

    private static ResNetSpec spec(PyTorchFixture description) {
        return ResNetSpec.builder(description.text("name"))
                .stem(description.text("stem").equals("imagenet") ? Stem.IMAGENET : Stem.SMALL_IMAGE)
                .block(BlockKind.valueOf(description.text("block").toUpperCase(Locale.ROOT)))
                .depths(description.integers("depths"))
                .widths(description.integers("widths"))
                .stridePlacement(
                        description.text("stride").equals("v1") ? StridePlacement.FIRST_1X1 : StridePlacement.ON_3X3)
                .shortcuts(ShortcutOption.valueOf(description.text("shortcut")))
                .classes(description.integer("classes"))
                .images(description.integer("height"), 3)
                .build();
    }

    private static Batch batch(PyTorchFixture expected, int step) {
        PyTorchFixture description = expected.child("network");
        int size = description.integer("batch");
        int classes = description.integer("classes");
        Shape shape = Shape.of(size, description.integer("height"), description.integer("width"), 3);
        float[] images = UniformStream.floats(description.integer("imageStream") + step, shape.size());
        int[] labels = new int[size];
        Tensor targets = Tensor.zeros(size, classes);
        for (int i = 0; i < size; i++) {
            labels[i] = i % classes;
            targets.array()[i * classes + labels[i]] = 1;
        }
        return new Batch(Tensor.wrap(Layouts.channelsLast(images, size, 3), shape), labels, targets);
    }

    private static Set<String> names(ResNet network) {
        var names = new LinkedHashSet<String>();
        network.parameters().forEach(parameter -> names.add(parameter.name()));
        return names;
    }

    private static float[] buffer(ResNet network, String name) {
        return network.buffers().stream()
                .filter(buffer -> buffer.name().equals(name))
                .map(StateBuffer::value)
                .findFirst()
                .orElseThrow()
                .array();
    }
}
