package org.resnet4j.training.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.kernel.RandomArrays;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.layer.Parameter;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.Stem;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.Optimizer;
import org.resnet4j.training.SessionSettings;
import org.resnet4j.training.loop.TinyBatches;

public class LayerTrainingSessionTest {
    private static final Optimizer SGD = new Optimizer.Sgd(0.9, true, 1e-3, true);

    private final Workers workers = new Workers(1);

    @AfterEach
    void close() {
        workers.close();
    }

    @Test
    void gradientIsThatOfTheMeanLoss() {
        var network = network();
        float[] w = network.parameters().getFirst().value().array();
        Batch batch = TinyBatches.batch(7, 1);
        var session = session(network, new SessionSettings(new Optimizer.Sgd(0, false, 0, true), 0.1, 0, 0));
        float start = w[4];
        double up = loss(session, network, batch, start + 1e-2f);
        double down = loss(session, network, batch, start - 1e-2f);
        w[4] = start;
        session.accumulate(batch, 1);
        session.update(1);
        assertEquals((up - down) / 2e-2, start - w[4], 1e-3);
        assertNotEquals(start, w[4]);
    }

    @Test
    void aScoreOfMinusInfinityForAnotherClassIsNoFiniteLoss() {
        var network = network();
        Batch batch = TinyBatches.batch(1, 1);
        int other = batch.labels()[0] == 0 ? 1 : 0;
        network.parameters().get(1).value().array()[other] = Float.NEGATIVE_INFINITY;
        var session = session(network, new SessionSettings(SGD, 0, 0, 0));
        try (TrainingSession.Evaluation evaluation = session.evaluate()) {
            assertEquals(Double.NaN, evaluation.score(batch).loss());
        }
        assertEquals(Double.NaN, session.accumulate(batch, 1).loss());
    }

    @Test
    void aNetworkWithOneOutputIsNotTrained() {
        var spec = ResNets.named("resnet8").withClasses(1).withImages(8, 3);
        var session = new LayerTrainingSession(
                ResNet.create(spec, 1), new SessionSettings(SGD, 0, 0, 0), new Compute(KernelLookup.best(), workers));
        var batch = new Batch(Tensor.zeros(2, 8, 8, 3), new int[2], Tensor.zeros(2, 1));
        var refused = assertThrows(IllegalArgumentException.class, () -> session.accumulate(batch, 1));
        assertTrue(refused.getMessage().contains("one output"), refused.getMessage());
    }

    /** The smoothed training loss with another weight; the update of rate 0 clears the gradients. */
    private static double loss(LayerTrainingSession session, TinyNetwork network, Batch batch, float weight) {
        network.parameters().getFirst().value().array()[4] = weight;
        double loss = session.accumulate(batch, 1).loss();
        session.update(Float.MIN_VALUE);
        return loss;
    }

    @Test
    void accumulatedBatchesEqualOneBiggerBatch() {
        Batch whole = TinyBatches.batch(10, 3);
        for (List<Integer> cuts : List.of(List.of(5, 10), List.of(4, 8, 10), List.of(2, 10))) {
            var bigNetwork = network();
            var manyNetwork = network();
            var big = session(bigNetwork, new SessionSettings(SGD, 0.1, 0.05, 0));
            var many = session(manyNetwork, new SessionSettings(SGD, 0.1, 0.05, 0));
            for (int step = 0; step < 5; step++) {
                BatchMetrics all = big.accumulate(whole, 1);
                big.update(0.3);
                double lossSum = 0;
                int from = 0;
                for (int to : cuts) {
                    lossSum += many.accumulate(TinyBatches.part(whole, from, to), cuts.size())
                            .lossSum();
                    from = to;
                }
                many.update(0.3);
                assertEquals(all.lossSum(), lossSum, 1e-5);
            }
            for (int i = 0; i < 2; i++) {
                assertArrayEquals(
                        bigNetwork.parameters().get(i).value().array(),
                        manyNetwork.parameters().get(i).value().array(),
                        1e-6f,
                        "cut at " + cuts);
            }
        }
    }

    @Test
    void averagedWeightsAreUsedForEvaluationAlone() {
        var network = network();
        float[] w = network.parameters().getFirst().value().array();
        var session = session(network, new SessionSettings(SGD, 0, 0, 0.5));
        double expected = w[0];
        for (int step = 0; step < 20; step++) {
            session.accumulate(TinyBatches.batch(8, step), 1);
            session.update(0.5);
            double decay = Math.min(0.5, (1.0 + step) / (10.0 + step));
            expected = decay * expected + (1 - decay) * w[0];
        }
        float[] training = w.clone();
        float[] buffer = network.buffers().getFirst().value().array().clone();
        try (TrainingSession.Evaluation evaluation = session.evaluate()) {
            assertEquals(expected, w[0], 1e-6);
            assertNotEquals(training[0], w[0]);
            assertNotEquals(buffer[0], network.buffers().getFirst().value().array()[0]);
            evaluation.score(TinyBatches.batch(8, 99));
            assertThrows(IllegalStateException.class, () -> session.accumulate(TinyBatches.batch(8, 1), 1));
            assertThrows(IllegalStateException.class, session::state);
        }
        assertArrayEquals(training, w);
        assertArrayEquals(buffer, network.buffers().getFirst().value().array());
    }

    @Test
    void clippingBoundsTheStep() {
        var network = network();
        var session = session(network, new SessionSettings(new Optimizer.Sgd(0, false, 0, true), 0, 1e-3, 0));
        float[] w = network.parameters().get(0).value().array();
        float[] b = network.parameters().get(1).value().array();
        float[] before = w.clone();
        float[] biasBefore = b.clone();
        session.accumulate(TinyBatches.batch(8, 1), 1);
        session.update(1);
        double squares = 0;
        for (int i = 0; i < w.length; i++) {
            squares += Math.pow(w[i] - before[i], 2);
        }
        for (int i = 0; i < b.length; i++) {
            squares += Math.pow(b[i] - biasBefore[i], 2);
        }
        assertEquals(1e-3, Math.sqrt(squares), 2e-5);
    }

    @Test
    void gradientsBelowTheBoundKeepTheirBits() {
        for (Optimizer optimizer : List.of(SGD, new Optimizer.AdamW())) {
            var free = session(network(), new SessionSettings(optimizer, 0, 0, 0.9));
            var bounded = session(network(), new SessionSettings(optimizer, 0, 1e6, 0.9));
            for (int step = 0; step < 3; step++) {
                for (LayerTrainingSession session : List.of(free, bounded)) {
                    session.accumulate(TinyBatches.batch(8, step), 1);
                    session.update(0.1);
                }
            }
            assertSame(free.state(), bounded.state());
        }
    }

    @Test
    void frozenParametersStay() {
        var network = network();
        var session = new LayerTrainingSession(
                network,
                new SessionSettings(SGD),
                new Compute(KernelLookup.scalar(), workers),
                parameter -> parameter.role() == Parameter.Role.BIAS);
        float[] before = network.parameters().getFirst().value().array().clone();
        for (int step = 0; step < 3; step++) {
            session.accumulate(TinyBatches.batch(8, step), 1);
            assertNotEquals(0f, network.parameters().get(0).gradient().array()[0], "layers add to it");
            session.update(0.5);
            for (Parameter parameter : network.parameters()) {
                float[] gradient = parameter.gradient().array();
                assertArrayEquals(new float[gradient.length], gradient, parameter.name());
            }
        }
        assertArrayEquals(before, network.parameters().get(0).value().array());
        assertNotEquals(0f, network.parameters().get(1).value().array()[0]);
        assertThrows(
                IllegalArgumentException.class,
                () -> new LayerTrainingSession(
                        network,
                        new SessionSettings(SGD),
                        new Compute(KernelLookup.scalar(), workers),
                        parameter -> false));
    }

    @Test
    void ranksCountTiesInTheOrderOfClasses() {
        var network = new TinyNetwork(12, 7);
        network.parameters().forEach(parameter -> Arrays.fill(parameter.value().array(), 0));
        var session = session(network, new SessionSettings(SGD));
        Tensor targets = Tensor.zeros(7, 7);
        for (int i = 0; i < 7; i++) {
            targets.array()[i * 8] = 1;
        }
        var batch = new Batch(Tensor.zeros(7, 2, 2, 3), new int[] {0, 1, 2, 3, 4, 5, 6}, targets);
        try (TrainingSession.Evaluation evaluation = session.evaluate()) {
            BatchMetrics metrics = evaluation.score(batch);
            assertEquals(1, metrics.top1());
            assertEquals(5, metrics.top5());
            assertEquals(Math.log(7), metrics.loss(), 1e-6);
        }
    }

    @Test
    void evaluationLeavesTheStateAlone() {
        var session = session(network(), new SessionSettings(SGD, 0.1, 0, 0.9));
        session.accumulate(TinyBatches.batch(8, 1), 1);
        session.update(0.1);
        SessionState before = session.state().copy();
        try (TrainingSession.Evaluation evaluation = session.evaluate()) {
            BatchMetrics first = evaluation.score(TinyBatches.batch(8, 5));
            assertEquals(first, evaluation.score(TinyBatches.batch(8, 5)));
        }
        assertSame(before, session.state());
    }

    @Test
    void restoredSessionGoesOnWithTheSameBits() {
        for (Optimizer optimizer : List.of(SGD, new Optimizer.AdamW())) {
            var settings = new SessionSettings(optimizer, 0.1, 1, 0.9);
            var one = session(network(), settings);
            for (int step = 0; step < 4; step++) {
                one.accumulate(TinyBatches.batch(8, step), 1);
                one.update(0.1);
            }
            var other = session(network(), settings);
            other.accumulate(TinyBatches.batch(5, 77), 2);
            other.restore(one.state().copy());
            for (int step = 4; step < 8; step++) {
                one.accumulate(TinyBatches.batch(8, step), 1);
                one.update(0.1);
                other.accumulate(TinyBatches.batch(8, step), 1);
                other.update(0.1);
            }
            assertSame(one.state(), other.state());
        }
    }

    @Test
    void restoredSessionLeavesOutTheSameBranches() {
        ResNetSpec spec = ResNetSpec.builder("tiny")
                .stem(Stem.SMALL_IMAGE)
                .depths(List.of(3))
                .widths(List.of(4))
                .classes(3)
                .images(4, 3)
                .build();
        var settings = new SessionSettings(SGD).withStochasticDepth(0.8).withSeed(3);
        var one =
                new LayerTrainingSession(ResNet.create(spec, 1), settings, new Compute(KernelLookup.vector(), workers));
        var other =
                new LayerTrainingSession(ResNet.create(spec, 2), settings, new Compute(KernelLookup.vector(), workers));
        var never = new LayerTrainingSession(
                ResNet.create(spec, 1), new SessionSettings(SGD), new Compute(KernelLookup.vector(), workers));
        var images = new RandomArrays(4).normal(6 * 4 * 4 * 3, 0, 1);
        var targets = Tensor.zeros(6, 3);
        for (int i = 0; i < 6; i++) {
            targets.array()[i * 3 + i % 3] = 1;
        }
        var batch = new Batch(Tensor.wrap(images, Shape.of(6, 4, 4, 3)), new int[] {0, 1, 2, 0, 1, 2}, targets);
        double loss = 0;
        for (int step = 0; step < 3; step++) {
            loss = one.accumulate(batch, 1).loss();
            one.update(0.1);
        }
        other.restore(one.state().copy());
        for (int step = 0; step < 3; step++) {
            assertEquals(one.accumulate(batch, 1), other.accumulate(batch, 1));
            one.update(0.1);
            other.update(0.1);
        }
        assertSame(one.state(), other.state());
        assertNotEquals(loss, never.accumulate(batch, 1).loss());
    }

    @Test
    void foreignStateIsRefusedAndChangesNothing() {
        var session = session(network(), new SessionSettings(SGD));
        SessionState before = session.state().copy();
        for (SessionState foreign : List.of(
                session(new TinyNetwork(12, 4), new SessionSettings(SGD)).state(),
                session(network(), new SessionSettings(new Optimizer.AdamW())).state(),
                session(network(), new SessionSettings(SGD, 0, 0, 0.9)).state())) {
            IllegalArgumentException thrown =
                    assertThrows(IllegalArgumentException.class, () -> session.restore(foreign));
            assertTrue(thrown.getMessage().startsWith("the saved state"), thrown.getMessage());
        }
        assertSame(before, session.state());
    }

    @Test
    void batchThatDoesNotFitIsRefused() {
        var session = session(network(), new SessionSettings(SGD));
        Batch batch = TinyBatches.batch(4, 1);
        assertThrows(
                ShapeMismatchException.class,
                () -> session.accumulate(new Batch(batch.images(), batch.labels(), Tensor.zeros(4, 5)), 1));
        assertThrows(
                ShapeMismatchException.class,
                () -> session.accumulate(new Batch(batch.images(), batch.labels(), Tensor.zeros(3, 3)), 1));
    }

    @Test
    void updateWithoutBatchAndStateWithGradientsAreRefused() {
        var session = session(network(), new SessionSettings(SGD));
        assertThrows(IllegalStateException.class, () -> session.update(0.1));
        session.accumulate(TinyBatches.batch(4, 1), 2);
        assertThrows(IllegalStateException.class, session::state);
    }

    @Test
    void stepsAllocateAlmostNothingAfterTheFirst() {
        int features = 64 * 64 * 3;
        var network = new TinyNetwork(features, 100);
        var session = session(network, new SessionSettings(SGD, 0.1, 1, 0.99));
        Tensor targets = Tensor.zeros(32, 100);
        for (int row = 0; row < 32; row++) {
            targets.array()[row * 100] = 1;
        }
        var batch = new Batch(Tensor.zeros(Shape.of(32, 64, 64, 3)), new int[32], targets);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        step(session, batch);
        long buffers = session.workspaceBytes();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 3; i++) {
            step(session, batch);
        }
        long perStep = (threads.getCurrentThreadAllocatedBytes() - before) / 3;
        assertTrue(perStep < 100_000, () -> perStep + " bytes in a step");
        assertEquals(buffers, session.workspaceBytes());
        assertTrue(buffers > 1_000_000, () -> "the test is too small: " + buffers);
    }

    private static void step(LayerTrainingSession session, Batch batch) {
        session.accumulate(batch, 1);
        session.update(0.01);
        try (TrainingSession.Evaluation evaluation = session.evaluate()) {
            evaluation.score(batch);
        }
    }

    public static void assertSame(SessionState expected, SessionState actual) {
        assertEquals(expected.counters(), actual.counters());
        assertEquals(
                List.copyOf(expected.tensors().tensors().keySet()),
                List.copyOf(actual.tensors().tensors().keySet()));
        expected.tensors().tensors().forEach((name, tensor) -> {
            Tensor other = actual.tensors().get(name);
            assertTrue(other != null && Arrays.equals(tensor.array(), other.array()), name + " differs");
        });
    }

    private static TinyNetwork network() {
        return new TinyNetwork(TinyBatches.FEATURES, TinyBatches.CLASSES);
    }

    private LayerTrainingSession session(TinyNetwork network, SessionSettings settings) {
        return new LayerTrainingSession(network, settings, new Compute(KernelLookup.scalar(), workers));
    }
}
