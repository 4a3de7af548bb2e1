package org.resnet4j.benchmarks;

import java.util.Random;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.Optimizer;
import org.resnet4j.training.SessionSettings;
import org.resnet4j.training.session.LayerTrainingSession;

/** Training by our library, as its trainer performs it. */
final class Resnet4jTraining implements TrainingPeer {
    private static final int SEED = 1;

    @Override
    public String name() {
        return Resnet4j.NAME;
    }

    @Override
    public String describe() {
        return Resnet4j.describe();
    }

    @Override
    public Running prepare(Workload workload, int threads) {
        return prepare(workload, threads, KernelLookup.best());
    }

    /** Prepares a session with the given kernels. */
    static Running prepare(Workload workload, int threads, Kernels kernels) {
        var compute = new Compute(kernels, new Workers(threads));
        var optimizer = new Optimizer.Sgd(MOMENTUM, false, WEIGHT_DECAY, true);
        var session = new LayerTrainingSession(TrainingPeer.network(workload), new SessionSettings(optimizer), compute);
        return new Steps(session, batch(workload), compute);
    }

    private static Batch batch(Workload workload) {
        var random = new Random(SEED);
        int classes = workload.spec().classes();
        int[] labels = new int[workload.batch()];
        Tensor targets = Tensor.zeros(workload.batch(), classes);
        for (int i = 0; i < labels.length; i++) {
            labels[i] = random.nextInt(classes);
            targets.array()[i * classes + labels[i]] = 1;
        }
        return new Batch(GaussianImages.of(workload), labels, targets);
    }

    /** A session with its one batch and its threads. */
    private static final class Steps implements Running {
        private final LayerTrainingSession session;
        private final Batch batch;
        private final Compute compute;
        private double loss;

        Steps(LayerTrainingSession session, Batch batch, Compute compute) {
            this.session = session;
            this.batch = batch;
            this.compute = compute;
        }

        @Override
        public void call() {
            loss = session.accumulate(batch, 1).loss();
            session.update(LEARNING_RATE);
        }

        @Override
        public long bufferBytes() {
            return session.workspaceBytes();
        }

        @Override
        public double loss() {
            return loss;
        }

        @Override
        public void close() {
            compute.close();
        }
    }
}
