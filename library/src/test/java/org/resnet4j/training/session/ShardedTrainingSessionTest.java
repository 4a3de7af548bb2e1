package org.resnet4j.training.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.Optimizer;
import org.resnet4j.training.SessionSettings;
import org.resnet4j.training.shard.Ranks;
import org.resnet4j.training.shard.SingleRank;
import org.resnet4j.training.shard.Span;
import org.resnet4j.training.shard.ThreadRanks;

class ShardedTrainingSessionTest {
    private static final int SIDE = 8;
    private static final int CLASSES = 3;
    private static final SessionSettings PLAIN = new SessionSettings(new Optimizer.Sgd(0.9, true, 1e-3, false));
    private static final SessionSettings EVERYTHING = new SessionSettings(
                    new Optimizer.AdamW(0.9, 0.999, 1e-8, 0.05, false), 0.1, 0.5, 0.9)
            .withStochasticDepth(0.5)
            .withClassWeights(List.of(0.5f, 1f, 1.5f))
            .withSeed(7);

    private final Workers workers = new Workers(2);

    @AfterEach
    void close() {
        workers.close();
    }

    private static ResNet network() {
        return ResNet.create(ResNets.named("resnet8").withClasses(CLASSES).withImages(SIDE, 3), 5);
    }

    private LayerTrainingSession layers(ResNet network, SessionSettings settings) {
        return new LayerTrainingSession(network, settings, new Compute(KernelLookup.best(), workers));
    }

    /** A batch with shards of these sizes. */
    private static Batch batch(long seed, List<Integer> sizes) {
        var random = new java.util.SplittableRandom(seed);
        int count = sizes.stream().mapToInt(Integer::intValue).sum();
        if (count == 0) {
            return new Batch(Tensor.zeros(0), new int[0], Tensor.zeros(0), sizes);
        }
        Tensor images = Tensor.zeros(count, SIDE, SIDE, 3);
        Tensor targets = Tensor.zeros(count, CLASSES);
        var labels = new int[count];
        for (int i = 0; i < images.size(); i++) {
            images.array()[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < count; i++) {
            labels[i] = random.nextInt(CLASSES);
            targets.array()[i * CLASSES + labels[i]] = 1;
        }
        return new Batch(images, labels, targets, sizes);
    }

    /** The shards of a batch that a rank has. */
    private static Batch part(Batch batch, Span own) {
        int from = sum(batch.shardSizes().subList(0, own.from()));
        List<Integer> sizes = batch.shardSizes().subList(own.from(), own.to());
        int count = sum(sizes);
        if (count == 0) {
            return new Batch(Tensor.zeros(0), new int[0], Tensor.zeros(0));
        }
        return new Batch(
                rows(batch.images(), from, count),
                Arrays.copyOfRange(batch.labels(), from, from + count),
                rows(batch.targets(), from, count),
                sizes);
    }

    private static int sum(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).sum();
    }

    private static Tensor rows(Tensor tensor, int from, int count) {
        Shape shape = tensor.shape().withBatch(count);
        int length = shape.size() / count;
        return Tensor.wrap(Arrays.copyOfRange(tensor.array(), from * length, (from + count) * length), shape);
    }

    private static long checksum(TrainingSession session) {
        var checksum = new CRC32C();
        session.state().tensors().tensors().forEach((name, tensor) -> {
            for (int i = 0; i < tensor.size(); i++) {
                int bits = Float.floatToRawIntBits(tensor.array()[i]);
                checksum.update(new byte[] {(byte) bits, (byte) (bits >> 8), (byte) (bits >> 16), (byte) (bits >> 24)});
            }
        });
        return checksum.getValue();
    }

    @Test
    void oneShardIsThePlainStep() throws IOException {
        var plain = layers(network(), PLAIN);
        var sharded = new ShardedTrainingSession(layers(network(), PLAIN), new SingleRank(1), 12, 1);
        for (int step = 0; step < 4; step++) {
            Batch batch = batch(step, List.of(12));
            assertEquals(plain.accumulate(batch, 1), sharded.accumulate(batch, 1));
            plain.update(0.1);
            sharded.update(0.1);
        }
        assertEquals(checksum(plain), checksum(sharded));
    }

    @Test
    void gradientsAndRunningStatisticsAreMeansOverTheShards() throws IOException {
        List<Integer> sizes = List.of(5, 5, 5);
        Batch whole = batch(1, sizes);
        ResNet network = network();
        new ShardedTrainingSession(layers(network, PLAIN), new SingleRank(3), 15, 1).accumulate(whole, 1);
        var parts = new ArrayList<ResNet>();
        for (int shard = 0; shard < 3; shard++) {
            parts.add(network());
            layers(parts.getLast(), PLAIN).accumulate(part(whole, new Span(shard, shard + 1)), 1);
        }
        for (int p = 0; p < network.parameters().size(); p++) {
            Parameter parameter = network.parameters().get(p);
            int index = p;
            float[] expected = mean(parts.stream()
                    .map(part -> part.parameters().get(index).gradient())
                    .toList());
            assertArrayEquals(expected, parameter.gradient().array(), 2e-6f, parameter.name());
        }
        for (int b = 0; b < network.buffers().size(); b++) {
            StateBuffer buffer = network.buffers().get(b);
            int index = b;
            float[] expected = mean(parts.stream()
                    .map(part -> part.buffers().get(index).value())
                    .toList());
            assertArrayEquals(expected, buffer.value().array(), 1e-6f, buffer.name());
        }
    }

    private static float[] mean(List<Tensor> tensors) {
        var mean = new float[tensors.getFirst().size()];
        for (int i = 0; i < mean.length; i++) {
            double sum = 0;
            for (Tensor tensor : tensors) {
                sum += tensor.array()[i];
            }
            mean[i] = (float) (sum / tensors.size());
        }
        return mean;
    }

    /** The sizes of the shards at each step: full, with gaps, with missing shards, without any image. */
    private static List<List<Integer>> steps(int shards) {
        var steps = new ArrayList<List<Integer>>();
        for (int step = 0; step < 5; step++) {
            var sizes = new ArrayList<Integer>();
            for (int shard = 0; shard < shards; shard++) {
                sizes.add(
                        switch (step) {
                            case 1 -> 1 + (shard + step) % 4;
                            case 2 -> shard % 3 == 1 ? 0 : 4;
                            case 3 -> 0;
                            default -> 4;
                        });
            }
            steps.add(sizes);
        }
        return steps;
    }

    private long train(ShardedTrainingSession session, Span own, int shards, int accumulation) throws IOException {
        int step = 0;
        long samples = 0;
        for (List<Integer> sizes : steps(shards)) {
            for (int k = 0; k < accumulation; k++) {
                Batch batch = part(batch(step * 10L + k, sizes), own);
                samples += session.accumulate(batch, accumulation).samples();
            }
            if (samples > 0) {
                session.update(0.05);
            }
            samples = 0;
            step++;
        }
        return checksum(session);
    }

    @ParameterizedTest
    @CsvSource({"2,1", "3,1", "4,1", "6,2"})
    void theBitsDoNotDependOnTheNumberOfRanks(int shards, int accumulation)
            throws IOException, InterruptedException, ExecutionException {
        for (SessionSettings settings : List.of(PLAIN, EVERYTHING)) {
            long alone = train(
                    new ShardedTrainingSession(layers(network(), settings), new SingleRank(shards), 4 * shards, 1),
                    new Span(0, shards),
                    shards,
                    accumulation);
            for (int count = 2; count <= shards; count++) {
                var ranks = new Ranks(count, shards);
                for (long checksum : together(ranks, settings, accumulation)) {
                    assertEquals(alone, checksum, count + " ranks of " + shards + " shards");
                }
            }
        }
    }

    private List<Long> together(Ranks ranks, SessionSettings settings, int accumulation)
            throws InterruptedException, ExecutionException {
        var threads = new ThreadRanks(ranks);
        var results = new ArrayList<Future<Long>>();
        try (var pool = Executors.newFixedThreadPool(ranks.ranks())) {
            for (int rank = 0; rank < ranks.ranks(); rank++) {
                int number = rank;
                results.add(pool.submit(() -> {
                    try (var own = new Workers(1)) {
                        var layers =
                                new LayerTrainingSession(network(), settings, new Compute(KernelLookup.best(), own));
                        var session =
                                new ShardedTrainingSession(layers, threads.exchange(number), 4 * ranks.shards(), 1);
                        return train(session, ranks.of(number), ranks.shards(), accumulation);
                    }
                }));
            }
            var checksums = new ArrayList<Long>();
            for (Future<Long> result : results) {
                checksums.add(result.get());
            }
            return checksums;
        }
    }

    @Test
    void aBatchWithoutImagesChangesNothingAndShardsMatter() throws IOException {
        var session = new ShardedTrainingSession(layers(network(), PLAIN), new SingleRank(2), 8, 1);
        long before = checksum(session);
        assertEquals(BatchMetrics.NONE, session.accumulate(batch(1, List.of(0, 0)), 1));
        assertEquals(before, checksum(session));

        var other = new ShardedTrainingSession(layers(network(), PLAIN), new SingleRank(4), 8, 1);
        session.accumulate(batch(1, List.of(4, 4)), 1);
        other.accumulate(batch(1, List.of(2, 2, 2, 2)), 1);
        session.update(0.1);
        other.update(0.1);
        assertNotEquals(checksum(session), checksum(other));
        assertEquals("2", session.settings().get("shards"));
    }

    @Test
    void aShardThatIsTooSmallIsLeftOut() throws IOException {
        var session = new ShardedTrainingSession(layers(network(), PLAIN), new SingleRank(3), 12, 2);
        BatchMetrics metrics = session.accumulate(batch(1, List.of(4, 1, 3)), 1);
        assertEquals(7, metrics.samples());
    }
}
