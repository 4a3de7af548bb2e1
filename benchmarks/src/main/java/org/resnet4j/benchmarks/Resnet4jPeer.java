package org.resnet4j.benchmarks;

import java.util.Random;
import org.resnet4j.dataset.Batch;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.LayerTrainingSession;
import org.resnet4j.training.Optimizer;
import org.resnet4j.training.SessionSettings;

/** Our library, as its trainer uses it. */
final class Resnet4jPeer implements Peer {
    static final String NAME = "resnet4j";

    private static final int SEED = 1;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String describe() {
        return Kernels.best().name() + ", float32";
    }

    @Override
    public Session prepare(Workload workload, int threads) {
        var workers = new Workers(threads);
        var network = ResNet.create(ResNets.named(workload.name()), SEED);
        var optimizer = new Optimizer.Sgd(Workload.MOMENTUM, false, Workload.WEIGHT_DECAY, true);
        var session = new LayerTrainingSession(network, new SessionSettings(optimizer), Kernels.best(), workers);
        return new Running(session, batch(workload), workers);
    }

    private static Batch batch(Workload workload) {
        var random = new Random(SEED);
        Tensor images = Tensor.zeros(workload.batch(), workload.size(), workload.size(), 3);
        for (int i = 0; i < images.size(); i++) {
            images.array()[i] = (float) random.nextGaussian();
        }
        int[] labels = new int[workload.batch()];
        Tensor targets = Tensor.zeros(workload.batch(), workload.classes());
        for (int i = 0; i < labels.length; i++) {
            labels[i] = random.nextInt(workload.classes());
            targets.array()[i * workload.classes() + labels[i]] = 1;
        }
        return new Batch(images, labels, targets);
    }

    /** A session, its one batch and its threads. */
    private record Running(LayerTrainingSession session, Batch batch, Workers workers) implements Session {
        @Override
        public double step() {
            double loss = session.accumulate(batch, 1).loss();
            session.update(Workload.LEARNING_RATE);
            return loss;
        }

        @Override
        public void close() {
            workers.close();
        }
    }
}
