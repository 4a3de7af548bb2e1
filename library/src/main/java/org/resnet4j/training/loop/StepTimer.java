package org.resnet4j.training.loop;

import java.util.Arrays;
import java.util.Random;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.layer.Network;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.SessionSettings;
import org.resnet4j.training.session.LayerTrainingSession;

/** A timer of training steps on this machine, to estimate how many epochs fit into a given time. */
public final class StepTimer {
    private static final int WARM_UP = 4;
    private static final int MEASURED = 5;
    private static final double NANOS = 1e9;

    private StepTimer() {}

    /**
     * Returns the seconds of one step: the median of several after a warm-up.
     *
     * @param network network whose running statistics change; its weights do not
     * @param images shape of a batch, {@code [N, H, W, C]}
     */
    public static double seconds(Network network, Shape images, SessionSettings settings, Compute compute) {
        var session = new LayerTrainingSession(network, settings, compute);
        Batch batch = noise(images, network.classes());
        var times = new double[MEASURED];
        for (int step = -WARM_UP; step < MEASURED; step++) {
            long start = System.nanoTime();
            session.accumulate(batch, 1);
            session.update(0);
            if (step >= 0) {
                times[step] = (System.nanoTime() - start) / NANOS;
            }
        }
        Arrays.sort(times);
        return times[MEASURED / 2];
    }

    private static Batch noise(Shape shape, int classes) {
        var random = new Random(0);
        Tensor images = Tensor.zeros(shape);
        for (int i = 0; i < images.size(); i++) {
            images.array()[i] = (float) random.nextGaussian();
        }
        int batchSize = shape.extent(0);
        Tensor targets = Tensor.zeros(batchSize, classes);
        var labels = new int[batchSize];
        for (int i = 0; i < batchSize; i++) {
            labels[i] = i % classes;
            targets.array()[i * classes + labels[i]] = 1;
        }
        return new Batch(images, labels, targets);
    }
}
