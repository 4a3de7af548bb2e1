package org.resnet4j.resnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.resnet4j.layer.Parameter;
import org.resnet4j.tensor.Shape;

class InitializationTest {
    private final ResNet network = ResNet.create(
            ResNets.named("resnet20").withShortcuts(ShortcutOption.B).withClasses(1000), 1);

    @Test
    void convolutionsAreNormalWithTheVarianceOfTheFanOut() {
        for (Parameter parameter : network.parameters()) {
            if (parameter.role() != Parameter.Role.CONVOLUTION_WEIGHT
                    || parameter.value().size() < 2000) {
                continue;
            }
            Shape shape = parameter.value().shape();
            double expected = Math.sqrt(2.0 / (shape.extent(0) * shape.extent(1) * shape.extent(3)));
            double sum = 0;
            double squares = 0;
            double within = 0;
            for (float value : parameter.value().array()) {
                sum += value;
                squares += (double) value * value;
                within += Math.abs(value) < expected ? 1 : 0;
            }
            int n = parameter.value().size();
            assertEquals(0, sum / n, 4 * expected / Math.sqrt(n), parameter.name());
            assertEquals(expected, Math.sqrt(squares / n), 0.06 * expected, parameter.name());
            assertEquals(0.683, within / n, 0.05, parameter.name() + " is not normal");
        }
    }

    @Test
    void theLinearLayerIsUniformWithinTheRootOfTheFanIn() {
        double bound = 1 / Math.sqrt(64);
        for (Parameter parameter : network.parameters()) {
            if (parameter.name().startsWith("fc.")) {
                double largest = 0;
                double squares = 0;
                for (float value : parameter.value().array()) {
                    largest = Math.max(largest, Math.abs(value));
                    squares += (double) value * value;
                }
                assertTrue(largest <= bound && largest > 0.98 * bound, parameter.name() + ": " + largest);
                double deviation = Math.sqrt(squares / parameter.value().size());
                assertEquals(bound / Math.sqrt(3), deviation, 0.05 * bound, parameter.name());
            }
        }
    }

    @Test
    void everyParameterHasItsOwnNumbers() {
        var firsts = new HashSet<Float>();
        for (Parameter parameter : network.parameters()) {
            if (parameter.role() == Parameter.Role.CONVOLUTION_WEIGHT) {
                assertTrue(firsts.add(parameter.value().array()[0]), parameter.name());
                assertNotEquals(parameter.value().array()[0], parameter.value().array()[1], parameter.name());
            }
        }
    }

    @Test
    void zeroInitSilencesTheLastGammaOfEachBlockAndNothingElse() {
        ResNetSpec spec = ResNets.named("resnet50").withClasses(3).withZeroInitResidual(true);
        for (Parameter parameter : ResNet.create(spec, 1).parameters()) {
            if (parameter.role() == Parameter.Role.NORM_SCALE) {
                float expected = parameter.name().endsWith(".bn3.weight") ? 0f : 1f;
                for (float gamma : parameter.value().array()) {
                    assertEquals(expected, gamma, parameter.name());
                }
            }
        }
    }
}
