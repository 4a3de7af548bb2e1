package org.resnet4j.dataset.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.image.Image;

/** Tests with real pictures, if available: in the folder of the environment variable RESNET4J_DATA. */
class LocalPicturesTest {
    @TempDir
    private Path cache;

    private DatasetSplits open(String name) throws IOException {
        String folder = System.getenv("RESNET4J_DATA");
        assumeTrue(folder != null, "RESNET4J_DATA is not set");
        Path file = Path.of(folder, name);
        assumeTrue(Files.exists(file), () -> file + " is missing");
        return Datasets.open(file.toString(), DatasetOptions.defaults(cache));
    }

    @Test
    void photographsOfManySizesAreSplitAndDecoded() throws IOException {
        try (DatasetSplits splits = open("dogs-vs-cats.zip")) {
            assertEquals(List.of("cat", "dog"), splits.classes());
            assertEquals(1399, splits.train().size() + splits.validation().size());
            for (int index = 0; index < splits.validation().size(); index += 10) {
                Image image = splits.validation().image(index);
                assertEquals(3, image.channels());
                assertTrue(
                        image.width() >= 32 && image.height() >= 32,
                        splits.validation().origin(index));
            }
        }
    }

    @Test
    void smallJpegsAreOneSizeAndEveryClassIsThere() throws IOException {
        try (DatasetSplits splits = open("cifar10-jpeg-train.zip")) {
            assertEquals(10, splits.classes().size());
            assertEquals(50_000, splits.train().size() + splits.validation().size());
            var seen = new int[10];
            for (int index = 0; index < splits.train().size(); index += 50) {
                Image image = splits.train().image(index);
                assertEquals(32, image.width());
                assertEquals(32, image.height());
                seen[splits.train().label(index)]++;
            }
            for (int count : seen) {
                assertTrue(count > 50);
            }
        }
    }
}
