package org.resnet4j.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.resnet4j.inference.Results.assertClose;
import static org.resnet4j.pytorch.Closeness.assertSummary;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.layer.Workspace;
import org.resnet4j.parallel.Workers;
import org.resnet4j.pytorch.PyTorchFixture;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.tensor.Tensor;

/** Compares every compiled network of the catalog with PyTorch in float64 and with the layers of the same network. */
class PredictionFixtureTest {
    /** The tolerance, relative to the root mean square of the logits, which is smaller than the largest of them. */
    private static final double FROM_PYTORCH = 2e-5;

    private static final double FROM_LAYERS = 1e-5;

    /** The networks also tested with the scalar kernels, which would take minutes for all. */
    private static final Set<String> ALSO_SCALAR = Set.of("resnet20", "plain20");

    private static final PyTorchFixture FILE = PyTorchFixture.read("predictions");
    private static final List<PyTorchFixture> FIXTURES = FILE.children("networks");

    @Test
    void thereIsAFixtureForEveryNetworkOfTheCatalogue() {
        Set<String> names =
                FIXTURES.stream().map(fixture -> fixture.text("name")).collect(Collectors.toSet());
        assertEquals(new TreeSet<>(ResNets.names()), new TreeSet<>(names));
    }

    @TestFactory
    Stream<DynamicTest> scoresAreThoseOfPyTorchAndOfTheLayers() {
        return ResNets.names().stream().map(name -> DynamicTest.dynamicTest(name, () -> check(name)));
    }

    private static void check(String name) {
        ResNet network = StreamNetworks.create(ResNets.named(name));
        try (var workers = new Workers(2)) {
            check(network, KernelLookup.vector(), workers);
            if (ALSO_SCALAR.contains(name)) {
                check(network, KernelLookup.scalar(), workers);
            }
        }
    }

    /** Covers the second paper's shortcuts and orders of activations. */
    @TestFactory
    Stream<DynamicTest> scoresOfOtherShortcutsAndOrdersAreThoseOfPyTorch() {
        return FILE.children("variants").stream().map(fixture -> {
            ResNetSpec spec = ResNets.named(fixture.text("name"))
                    .withShortcuts(ShortcutOption.valueOf(fixture.text("shortcuts")))
                    .withOrder(ActivationOrder.valueOf(fixture.text("order")));
            return DynamicTest.dynamicTest(spec.shortcuts() + " " + spec.block().order(), () -> {
                ResNet network = StreamNetworks.create(spec);
                try (var workers = new Workers(2)) {
                    check(network, KernelLookup.vector(), workers, List.of(fixture));
                    check(network, KernelLookup.scalar(), workers, List.of(fixture));
                }
            });
        });
    }

    private static void check(ResNet network, Kernels kernels, Workers workers) {
        String name = network.spec().name();
        List<PyTorchFixture> fixtures = FIXTURES.stream()
                .filter(fixture -> fixture.text("name").equals(name))
                .toList();
        check(network, kernels, workers, fixtures);
    }

    private static void check(ResNet network, Kernels kernels, Workers workers, List<PyTorchFixture> fixtures) {
        InferencePlan plan = null;
        for (PyTorchFixture fixture : fixtures) {
            int batch = fixture.integer("batch");
            int height = fixture.integer("height");
            int width = fixture.integer("width");
            // The plan for the first size also computes the second.
            plan = plan == null
                    ? InferencePlan.compile(
                            network, new PlanOptions(new Compute(kernels, workers), batch, height, width))
                    : plan;
            Tensor images = StreamNetworks.images(batch, height, width);
            Tensor logits = plan.predict(images);
            String what = network.spec().name() + ", " + kernels.name() + ", " + fixture;
            assertSummary(what, fixture.child("logits"), logits.size(), logits.array(), FROM_PYTORCH);
            Tensor layers = network.predict(images, new Workspace(new Compute(kernels, workers)));
            assertClose(what, layers, logits, FROM_LAYERS);
        }
    }
}
