package org.resnet4j.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.graph.Graph;
import org.resnet4j.kernel.RandomArrays;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.Optimizer;
import org.resnet4j.training.SessionSettings;
import org.resnet4j.training.session.LayerTrainingSession;

class RunMemoryTest {
    private static final Optimizer SGD = new Optimizer.Sgd(0.9, true, 5e-4, false);

    /** The memory of feature maps that is counted agrees with that of a step. */
    @ParameterizedTest
    @CsvSource({
        "resnet20, 32, FLOAT32, false",
        "resnet20, 32, BFLOAT16, false",
        "resnet20, 32, FLOAT32, true",
        "preresnet110, 16, FLOAT32, false",
        "plain20, 32, FLOAT32, false",
        "wrn_40_4, 16, FLOAT32, false",
        "resnet9, 32, FLOAT32, false",
        "resnet18, 64, FLOAT32, false",
        "resnet50, 64, FLOAT32, false",
        "resnet50, 64, BFLOAT16, false",
        "resnet50, 64, FLOAT32, true",
        "resnet50d, 64, FLOAT32, false",
        "seresnet50, 64, FLOAT32, false",
        "seresnet50, 64, BFLOAT16, false",
        "resnetv2_50, 64, FLOAT32, false",
    })
    void countsTheFeatureMapsOfAStep(String name, int size, Tensor.Format format, boolean recompute) {
        ResNetSpec spec = ResNets.named(name).withClasses(10).withImages(size, 3);
        var settings = new SessionSettings(SGD, 0, 0, 0).withFormat(format).withRecompute(recompute);
        ResNet network = ResNet.undrawn(spec);
        int images = 4;
        try (var workers = new Workers(2)) {
            var session = new LayerTrainingSession(network, settings, new Compute(KernelLookup.best(), workers));
            var batch = new Batch(
                    Tensor.wrap(
                            new RandomArrays(1).normal(images * size * size * 3, 0, 1),
                            Shape.of(images, size, size, 3)),
                    new int[images],
                    Tensor.zeros(images, 10));
            session.accumulate(batch, 1);
            session.update(0.01);
            double counted =
                    images * RunMemory.of(Graph.of(network, size), settings, 0).perImage();
            double share = session.workspaceBytes() / counted;
            assertTrue(share > 0.8 && share < 1.15, name + " takes " + share + " of what is counted");
        }
    }

    @Test
    void theLargestBatchFits() {
        Graph graph = Graph.of(ResNet.create(ResNets.named("resnet20"), 1), 32);
        var memory = RunMemory.of(graph, new SessionSettings(SGD, 0, 0, 0), 8);
        long heap = memory.bytes(96, 4, 2);
        assertEquals(96, memory.largestBatch(heap, 4, 2));
        assertEquals(92, memory.largestBatch(heap - 1, 4, 2));
        assertEquals(0, memory.largestBatch(1 << 20, 1, 1));
    }
}
