package org.resnet4j.insight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.DatasetOptions.SyntheticSize;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.image.Normalization;
import org.resnet4j.insight.FlowMeasurements.Moment;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;

class FlowMeasurementsTest {
    private static final int STEPS = 12;

    @TempDir
    Path cache = Path.of("");

    private FlowMeasurements measure(int steps, double learningRate) throws IOException {
        ResNet network = ResNet.create(ResNets.named("resnet20").withClasses(10), 3);
        // Three batches of 8 in an epoch: the arrays of the first batch are filled again before the last step.
        var options = DatasetOptions.defaults(cache).withSynthetic(new SyntheticSize(32, 24, 8));
        try (DatasetSplits splits = Datasets.open(Datasets.SYNTHETIC, options);
                Compute compute = Compute.best(2)) {
            var training = new FlowMeasurements.Training(
                    splits.train(),
                    32,
                    Normalization.IMAGENET,
                    LoaderOptions.of(8).withThreads(1).withPrefetch(1),
                    steps,
                    learningRate);
            return FlowMeasurements.of(network, training, compute, () -> {});
        }
    }

    @Test
    void bothMeasurementsAreOfTheSameBatch() throws IOException {
        // Without a learning rate the weights stay, so that only other images could change the second measurement.
        List<Moment> moments = measure(STEPS, 0).moments();
        assertEquals(List.of(0, STEPS), moments.stream().map(Moment::step).toList());
        assertEquals(moments.getFirst().flow(), moments.getLast().flow());
    }

    @Test
    void trainingChangesTheMeasurementAndUpdatesAreThoseOfEachStep() throws IOException {
        FlowMeasurements measured = measure(STEPS, 0.05);
        assertEquals(STEPS + 1, measured.losses().size());
        Moment first = measured.moments().getFirst();
        assertNotEquals(first.flow(), measured.moments().getLast().flow());
        for (Moment moment : measured.moments()) {
            Map<String, Double> updates = moment.updates();
            assertEquals(
                    new TreeSet<>(moment.flow().weights().stream()
                            .map(GradientFlow.Weights::name)
                            .toList()),
                    new TreeSet<>(updates.keySet()));
            updates.forEach((name, update) -> assertTrue(update > 0 && update < 1, () -> name + ": " + update));
        }
    }

    @Test
    void withoutStepsThereIsOneMeasurement() throws IOException {
        FlowMeasurements measured = measure(0, 0.05);
        assertEquals(1, measured.moments().size());
        assertEquals(1, measured.losses().size());
    }
}
