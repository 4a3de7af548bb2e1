package org.resnet4j.cli.train;

import java.util.Arrays;
import java.util.Random;
import org.resnet4j.compute.KernelLookup;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.LayerTrainingSession;
import org.resnet4j.training.SessionSettings;

/** Finds out how long a step of training takes here, to tell how many epochs fit into the time that there is. */
public final class StepTimer {
    private static final int WARM_UP = 4;
    private static final int MEASURED = 5;
    private static final double NANOS = 1e9;

    private StepTimer() {}

    /**
     * Seconds for a step, the median of a few after some that warm up.
     *
     * @param spec the network, with the size of the images
     */
    public static double seconds(ResNetSpec spec, int batchSize, SessionSettings settings, Workers workers) {
        var session = new LayerTrainingSession(ResNet.create(spec, 0), settings, KernelLookup.best(), workers);
        Batch batch = noise(spec, batchSize);
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

    private static Batch noise(ResNetSpec spec, int batchSize) {
        var random = new Random(0);
        Tensor images = Tensor.zeros(batchSize, spec.imageSize(), spec.imageSize(), spec.inChannels());
        for (int i = 0; i < images.size(); i++) {
            images.array()[i] = (float) random.nextGaussian();
        }
        Tensor targets = Tensor.zeros(batchSize, spec.classes());
        var labels = new int[batchSize];
        for (int i = 0; i < batchSize; i++) {
            labels[i] = i % spec.classes();
            targets.array()[i * spec.classes() + labels[i]] = 1;
        }
        return new Batch(images, labels, targets);
    }
}
