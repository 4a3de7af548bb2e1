package org.resnet4j.dataset.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.DatasetOptions.SyntheticSize;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.image.Normalization;

class EndlessBatchesTest {
    @TempDir
    private Path folder;

    private static DataLoader loader(DatasetSplits data) {
        return DataLoader.training(data.train(), 8, Normalization.IMAGENET, Augmentation.cifar(), LoaderOptions.of(4));
    }

    @Test
    void oneEpochFollowsTheOther() throws IOException {
        var options = DatasetOptions.defaults(folder).withSynthetic(new SyntheticSize(8, 10, 10));
        try (DatasetSplits data = Datasets.open(Datasets.SYNTHETIC, options);
                DataLoader loader = loader(data);
                DataLoader same = loader(data);
                var batches = new EndlessBatches(loader)) {
            for (int epoch = 0; epoch < 3; epoch++) {
                try (BatchStream expected = same.epoch(epoch)) {
                    for (int i = 0; i < loader.batches(); i++) {
                        Batch batch = Objects.requireNonNull(expected.next());
                        assertArrayEquals(
                                batch.images().array(), batches.next(1).images().array());
                    }
                }
            }
        }
    }

    @Test
    void aClosedLoaderGivesNoMore() throws IOException {
        var options = DatasetOptions.defaults(folder).withSynthetic(new SyntheticSize(8, 10, 10));
        try (DatasetSplits data = Datasets.open(Datasets.SYNTHETIC, options);
                DataLoader loader = loader(data)) {
            var batches = new EndlessBatches(loader);
            batches.close();
            assertThrows(IllegalStateException.class, () -> batches.next(1));
        }
    }

    @Test
    void batchesThatAreTooSmallArePassedOver() throws IOException {
        var options = DatasetOptions.defaults(folder).withSynthetic(new SyntheticSize(8, 5, 5));
        try (DatasetSplits data = Datasets.open(Datasets.SYNTHETIC, options);
                DataLoader loader = DataLoader.training(
                        data.train(),
                        8,
                        Normalization.IMAGENET,
                        Augmentation.none(),
                        LoaderOptions.of(4).withDropLast(false));
                var batches = new EndlessBatches(loader)) {
            for (int i = 0; i < 3; i++) {
                assertEquals(4, batches.next(2).size());
            }
            assertThrows(IOException.class, () -> batches.next(5));
        }
    }
}
