package org.resnet4j.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ScoresTest {
    @Test
    void rankCountsTheClassesBeforeAndOfEqualOnesTheLowerIndexIsFirst() {
        var scores = new Scores(new float[] {1, 1, 3, 0});
        assertEquals(1, scores.rank(0));
        assertEquals(2, scores.rank(1));
        assertEquals(0, scores.rank(2));
        assertEquals(3, scores.rank(3));
    }

    @Test
    void theBestIsTheLargestAndOfEqualOnesTheFirst() {
        assertEquals(2, new Scores(new float[] {1, 1, 3, 0}).best());
        assertEquals(0, new Scores(new float[] {2, 2}).best());
    }

    @Test
    void probabilitiesAddUpToOneWhateverTheSizeOfTheScores() {
        var scores = new Scores(new float[] {1000, 999, -1000});
        assertEquals(1 / (1 + Math.exp(-1)), scores.probability(0), 1e-9);
        assertEquals(1, scores.probability(0) + scores.probability(1) + scores.probability(2), 1e-9);
    }

    @Test
    void lossIsMinusTheLogarithmOfTheProbability() {
        double probability = 1 / (1 + Math.exp(-1.5) + Math.exp(1.5));
        assertEquals(-Math.log(probability), new Scores(new float[] {0.5f, -1, 2}).loss(0), 1e-6);
    }

    @Test
    void scoresAreFinite() {
        for (float value : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> new Scores(new float[] {0, value}));
        }
    }

    @Test
    void lossOfLargeScoresIsFinite() {
        assertEquals(2000, new Scores(new float[] {-1000, 1000}).loss(0), 1e-9);
    }
}
