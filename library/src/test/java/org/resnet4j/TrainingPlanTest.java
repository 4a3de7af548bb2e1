package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingPlanTest {
    /** Nothing changes where at most a tenth of the images is left out. */
    @ParameterizedTest
    @CsvSource({
        "128, 60000, 1, 128",
        "128, 50000, 1, 128",
        "32, 1199, 1, 32",
        "128, 100, 1, 128",
        "128, 128, 1, 128",
        "128, 140, 1, 128",
        "128, 200, 1, 100",
        "128, 250, 1, 125",
        "128, 200, 8, 96",
        "32, 40, 1, 20",
        "32, 33, 1, 32"
    })
    void theDefaultBatchLeavesOutAtMostATenthOfTheImages(int usual, int images, int shards, int chosen) {
        assertEquals(chosen, TrainingPlan.fitting(usual, images, shards));
    }
}
