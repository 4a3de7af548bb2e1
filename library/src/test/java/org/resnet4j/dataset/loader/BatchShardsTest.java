package org.resnet4j.dataset.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.BatchMixing;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.image.Normalization;
import org.resnet4j.training.shard.Ranks;
import org.resnet4j.training.shard.Span;

@Timeout(60)
class BatchShardsTest {
    private static final int SAMPLES = 100;
    private static final int BATCH = 24;
    private static final int SHARDS = 4;
    private static final Set<Integer> UNREADABLE = Set.of(3, 4, 5, 30, 31, 77, 99);

    /** Values of an image of {@link NumberedImages}. */
    private static final int PIXELS = 16;

    /** A shard of a batch. */
    private record Shard(int batch, int shard, List<Float> images, List<Float> targets) {}

    private static List<Shard> shards(int samples, Augmentation augmentation, BatchShards part) throws IOException {
        LoaderOptions options = LoaderOptions.of(BATCH).withThreads(2).withSeed(5);
        var shards = new ArrayList<Shard>();
        try (DataLoader loader = DataLoader.training(
                new NumberedImages(samples, UNREADABLE),
                4,
                Normalization.uniform(1, 0, 1 / 255f),
                augmentation,
                options,
                part)) {
            BatchStream stream = loader.epoch(1);
            for (Batch batch = stream.next(); batch != null; batch = stream.next()) {
                assertEquals(part.size(), batch.shardSizes().size());
                int row = 0;
                for (int i = 0; i < part.size(); i++) {
                    int end = row + batch.shardSizes().get(i);
                    shards.add(new Shard(
                            stream.batchIndex(),
                            part.from() + i,
                            boxed(Arrays.copyOfRange(batch.images().array(), row * PIXELS, end * PIXELS)),
                            boxed(Arrays.copyOfRange(batch.targets().array(), row * 2, end * 2))));
                    row = end;
                }
                assertEquals(batch.size(), row);
            }
        }
        return shards;
    }

    private static List<Float> boxed(float[] values) {
        var list = new ArrayList<Float>();
        for (float value : values) {
            list.add(value);
        }
        return list;
    }

    @Test
    void shardsHaveTheSameImagesWhoeverPreparesThem() throws IOException {
        for (Augmentation augmentation :
                List.of(Augmentation.none(), Augmentation.none().with(new BatchMixing(0.4, 0, 1)))) {
            for (int samples : new int[] {SAMPLES, 20}) {
                List<Shard> whole = shards(samples, augmentation, BatchShards.all(SHARDS));
                assertEquals(Math.max(1, samples / BATCH) * SHARDS, whole.size());
                for (int count = 2; count <= SHARDS; count++) {
                    var ranks = new Ranks(count, SHARDS);
                    var together = new ArrayList<Shard>();
                    for (int rank = 0; rank < count; rank++) {
                        Span own = ranks.of(rank);
                        together.addAll(shards(samples, augmentation, new BatchShards(SHARDS, own.from(), own.to())));
                    }
                    assertEquals(
                            whole.stream()
                                    .filter(shard -> !shard.images().isEmpty())
                                    .toList(),
                            sorted(together));
                }
            }
        }
    }

    private static List<Shard> sorted(Collection<Shard> shards) {
        return shards.stream()
                .filter(shard -> !shard.images().isEmpty())
                .sorted((a, b) -> a.batch() != b.batch() ? a.batch() - b.batch() : a.shard() - b.shard())
                .toList();
    }

    @Test
    void anUnreadableImageMakesItsShardSmallerAndNoOther() throws IOException {
        List<Shard> shards = shards(SAMPLES, Augmentation.none(), BatchShards.all(SHARDS));
        int[] order = LoaderOptions.of(BATCH).withSeed(5).order(SAMPLES, 1);
        int missing = 0;
        for (Shard shard : shards) {
            int from = shard.batch() * BATCH + shard.shard() * BATCH / SHARDS;
            var expected = new ArrayList<Float>();
            for (int place = from; place < from + BATCH / SHARDS; place++) {
                if (!UNREADABLE.contains(order[place])) {
                    expected.addAll(Collections.nCopies(PIXELS, (float) order[place]));
                }
            }
            assertEquals(
                    expected,
                    shard.images().stream()
                            .map(value -> (float) Math.round(value))
                            .toList());
            missing += BATCH / SHARDS - expected.size() / PIXELS;
        }
        assertTrue(missing >= 3, "the order leaves out too many of the unreadable images: " + missing);
    }

    @Test
    void unequalShardsAreRefused() {
        var unequal = assertThrows(
                IllegalArgumentException.class, () -> BatchShards.all(4).images(30));
        assertEquals("a batch of 30 images cannot be divided into 4 equal shards", unequal.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new BatchShards(4, 2, 2));
        assertThrows(IllegalArgumentException.class, () -> new BatchShards(4, 2, 5));
        assertThrows(IllegalArgumentException.class, () -> BatchShards.all(0));
    }
}
