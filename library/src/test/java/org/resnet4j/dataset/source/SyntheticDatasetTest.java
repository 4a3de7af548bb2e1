package org.resnet4j.dataset.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.source.DatasetOptions.SyntheticSize;

class SyntheticDatasetTest {
    private static final DatasetOptions OPTIONS = DatasetOptions.defaults(Path.of("unused"));

    @Test
    void aSampleDependsOnSeedSplitAndIndexAlone() throws IOException {
        try (DatasetSplits first = Datasets.open("synthetic", OPTIONS);
                DatasetSplits longer =
                        Datasets.open("synthetic", OPTIONS.withSynthetic(new SyntheticSize(32, 50_000, 10)));
                DatasetSplits other = Datasets.open("synthetic", OPTIONS.withSeed(1))) {
            byte[] sample = first.train().image(9_999).samples();
            assertArrayEquals(sample, longer.train().image(9_999).samples());
            assertFalse(Arrays.equals(sample, other.train().image(9_999).samples()));
            assertFalse(Arrays.equals(
                    first.train().image(7).samples(),
                    first.validation().image(7).samples()));
        }
    }

    @Test
    void thePixelsAreTheSameOnEveryMachine() {
        var dataset = new SyntheticDataset(SyntheticDataset.Split.TRAIN, 100, 32, 0);
        var checksum = new CRC32();
        for (int i = 0; i < dataset.size(); i++) {
            checksum.update(dataset.image(i).samples());
        }
        assertEquals("503e9b53", Long.toHexString(checksum.getValue()));
    }

    @Test
    void theDefaultsAreTenBalancedClasses() throws IOException {
        try (DatasetSplits splits = Datasets.open("synthetic", OPTIONS)) {
            assertEquals(10_000, splits.train().size());
            assertEquals(2_000, splits.validation().size());
            assertEquals(10, splits.classes().size());
            assertEquals("circle", splits.classes().getFirst());
            assertEquals(32, splits.profile().imageSize());
            int[] counts = new int[10];
            for (int i = 0; i < 2_000; i++) {
                counts[splits.validation().label(i)]++;
            }
            assertArrayEquals(new int[] {200, 200, 200, 200, 200, 200, 200, 200, 200, 200}, counts);
        }
    }

    @Test
    void imagesOfAnySizeAreDrawn() {
        for (int size : new int[] {8, 31, 224}) {
            var image = new SyntheticDataset(SyntheticDataset.Split.VALIDATION, 10, size, 3).image(4);
            assertEquals(size, image.width());
            assertEquals(size, image.height());
            assertEquals(3, image.channels());
        }
    }

    @Test
    void theFigureIsBelowZeroInsideAndWithinItsReach() {
        for (SyntheticShape shape : SyntheticShape.values()) {
            int inside = 0;
            for (float u = -2; u <= 2; u += 0.05f) {
                for (float v = -2; v <= 2; v += 0.05f) {
                    if (shape.distance(u, v) < 0) {
                        inside++;
                        assertTrue(Math.max(Math.abs(u), Math.abs(v)) < 1.25, shape + " at " + u + ", " + v);
                    }
                }
            }
            assertTrue(inside > 200, shape + " has an area of " + inside + " points");
        }
    }
}
