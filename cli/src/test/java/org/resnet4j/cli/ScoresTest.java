package org.resnet4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ScoresTest {
    @Test
    void softmaxSumsToOneAndStandsLargeScores() {
        double[] shares = new Scores(new float[] {1000, 1001, 999}).probabilities();

        assertEquals(1, Arrays.stream(shares).sum(), 1e-12);
        assertEquals(1 / (1 + Math.exp(-1) + Math.exp(-2)), shares[1], 1e-12);
    }

    @Test
    void bestAreOrderedByScoreAndEqualOnesByIndex() {
        assertArrayEquals(new int[] {2, 0, 1}, new Scores(new float[] {1, 1, 3, 0}).best(3));
        assertArrayEquals(new int[] {0, 1}, new Scores(new float[] {5, 4}).best(9));
    }

    @Test
    void rankAgreesWithTheOrderOfTheBest() {
        var scores = new Scores(new float[] {1, 1, 3, 0});
        int[] order = scores.best(4);
        for (int place = 0; place < order.length; place++) {
            assertEquals(place, scores.rank(order[place]));
        }
    }

    @Test
    void lossIsMinusTheLogarithmOfTheProbability() {
        var scores = new Scores(new float[] {0.5f, -1, 2});
        assertEquals(-Math.log(scores.probabilities()[0]), scores.loss(0), 1e-12);
    }
}
