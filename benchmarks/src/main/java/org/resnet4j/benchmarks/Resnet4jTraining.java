package org.resnet4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.dataset.loader.BatchShards;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.Optimizer;
import org.resnet4j.training.SessionSettings;
import org.resnet4j.training.session.LayerTrainingSession;
import org.resnet4j.training.session.ShardedTrainingSession;
import org.resnet4j.training.session.TrainingSession;
import org.resnet4j.training.shard.SingleRank;

/**
 * Training by our library, as its trainer performs it.
 *
 * @param precision the number format of feature maps and their gradients
 * @param engine {@link Resnet4j#NAME}, {@link Resnet4j#PLAIN} or {@link #SHARDED}
 * @param shards the number of shards of a batch
 */
record Resnet4jTraining(Precision precision, String engine, int shards) implements TrainingPeer {
    /** The engine whose batches are cut into shards. */
    static final String SHARDED = Resnet4j.NAME + "-shards";

    private static final int SEED = 1;

    @Override
    public String name() {
        return precision.peer(engine);
    }

    @Override
    public String describe() {
        return kernels() + (shards == 1 ? "" : ", " + shards + " shards");
    }

    private String kernels() {
        if (precision == Precision.FLOAT32) {
            return Resnet4j.describe();
        }
        try (var compute = Compute.best(1)) {
            return compute.name(format());
        }
    }

    private Tensor.Format format() {
        return switch (precision) {
            case FLOAT32 -> Tensor.Format.FLOAT32;
            case BFLOAT16 -> Tensor.Format.BFLOAT16;
            case INT8 -> throw new IllegalStateException("nothing is trained in 8-bit integers");
        };
    }

    @Override
    public Running prepare(Workload workload, int threads) {
        return prepare(workload, threads, KernelLookup.best());
    }

    /** Prepares a session with the given kernels. */
    Running prepare(Workload workload, int threads, Kernels kernels) {
        var compute = new Compute(kernels, new Workers(threads));
        var optimizer = new Optimizer.Sgd(MOMENTUM, false, WEIGHT_DECAY, true);
        var settings = new SessionSettings(optimizer).withFormat(format());
        var layers = new LayerTrainingSession(TrainingPeer.network(workload), settings, compute);
        TrainingSession session =
                shards == 1 ? layers : new ShardedTrainingSession(layers, new SingleRank(shards), workload.batch(), 1);
        return new Steps(layers, session, batch(workload), compute);
    }

    private Batch batch(Workload workload) {
        var random = new Random(SEED);
        int classes = workload.spec().classes();
        int[] labels = new int[workload.batch()];
        Tensor targets = Tensor.zeros(workload.batch(), classes);
        for (int i = 0; i < labels.length; i++) {
            labels[i] = random.nextInt(classes);
            targets.array()[i * classes + labels[i]] = 1;
        }
        List<Integer> sizes =
                Collections.nCopies(shards, BatchShards.all(shards).images(workload.batch()));
        return new Batch(GaussianImages.of(workload), labels, targets, sizes);
    }

    /** A session with its one batch and its threads. */
    private static final class Steps implements Running {
        private final LayerTrainingSession layers;
        private final TrainingSession session;
        private final Batch batch;
        private final Compute compute;
        private double loss;

        Steps(LayerTrainingSession layers, TrainingSession session, Batch batch, Compute compute) {
            this.layers = layers;
            this.session = session;
            this.batch = batch;
            this.compute = compute;
        }

        @Override
        public void call() {
            try {
                loss = session.accumulate(batch, 1).loss();
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
            session.update(LEARNING_RATE);
        }

        @Override
        public long bufferBytes() {
            return session instanceof ShardedTrainingSession sharded
                    ? sharded.workspaceBytes()
                    : layers.workspaceBytes();
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
