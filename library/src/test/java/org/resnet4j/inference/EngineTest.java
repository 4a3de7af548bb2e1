package org.resnet4j.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.resnet4j.graph.Graph;
import org.resnet4j.inference.engine.CompiledNetwork;
import org.resnet4j.inference.engine.Engine;
import org.resnet4j.inference.engine.PlanStep;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.NonFiniteScoresException;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

/** Tests of a plan with an engine from outside the library. */
class EngineTest {
    /** An engine that returns the same features and logits for every image. */
    private record Constant(float feature, float score) implements Engine, CompiledNetwork {
        @Override
        public CompiledNetwork compile(Graph graph) {
            return this;
        }

        @Override
        public void run(Tensor images, float[] features, float @Nullable [] scores) {
            Arrays.fill(features, feature);
            if (scores != null) {
                Arrays.fill(scores, score);
            }
        }

        @Override
        public List<Tensor> values(Tensor images, List<Integer> wanted) {
            return wanted.stream()
                    .map(value -> Tensor.wrap(new float[] {feature}, Shape.of(1, 1, 1, 1)))
                    .toList();
        }

        @Override
        public List<PlanStep> steps() {
            return List.of(new PlanStep("all", "constant", "none", Shape.of(1, 10), 0, 12));
        }

        @Override
        public long bufferBytes() {
            return 34;
        }
    }

    private static InferencePlan plan(Engine engine) {
        return InferencePlan.compile(Graph.of(ResNet.undrawn(ResNets.named("resnet20")), 32), engine);
    }

    @Test
    void aPlanGivesWhatTheEngineComputes() {
        InferencePlan plan = plan(new Constant(2, 3));
        Tensor images = Tensor.zeros(2, 32, 32, 3);
        var scores = new float[20];
        Arrays.fill(scores, 3);
        assertArrayEquals(scores, plan.predict(images).array());
        Tensor features = Tensor.zeros(2, 64);
        plan.features(images, features);
        assertEquals(2, features.array()[127]);
        List<Tensor> maps = plan.featureMaps(Tensor.zeros(1, 32, 32, 3));
        assertEquals(4, maps.size());
        assertEquals(2, maps.getLast().array()[0]);
        assertEquals("resnet20", plan.spec().name());
        assertEquals(12, plan.weightBytes());
        assertEquals(34, plan.bufferBytes());
    }

    @Test
    void aPlanChecksImagesAndResultsWhateverTheEngine() {
        Tensor images = Tensor.zeros(1, 32, 32, 3);
        InferencePlan plan = plan(new Constant(1, Float.NaN));
        assertThrows(ShapeMismatchException.class, () -> plan.predict(Tensor.zeros(1, 32, 32, 1)));
        var score = assertThrows(NonFiniteScoresException.class, () -> plan.predict(images));
        assertEquals(0, score.row());
        plan.features(images, Tensor.zeros(1, 64));
        InferencePlan infinite = plan(new Constant(Float.POSITIVE_INFINITY, 1));
        assertThrows(NonFiniteScoresException.class, () -> infinite.predict(images));
        assertThrows(NonFiniteScoresException.class, () -> infinite.featureMaps(images));
        assertThrows(ShapeMismatchException.class, () -> infinite.featureMaps(Tensor.zeros(1, 32, 32, 1)));
    }
}
