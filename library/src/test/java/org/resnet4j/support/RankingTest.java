package org.resnet4j.support;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RankingTest {
    private static final float[] EXTREMES = {
        0f, -0f, Float.NEGATIVE_INFINITY, 1e-40f, -1e-40f, Float.MAX_VALUE, -3, 3, Float.POSITIVE_INFINITY
    };

    @Test
    void orderIsByScoreAndOfEqualOnesByIndex() {
        assertArrayEquals(new int[] {8, 5, 7, 3, 0, 1, 4, 6, 2}, Ranking.order(EXTREMES));
    }

    @Test
    void rankIsThePlaceInTheOrder() {
        int[] order = Ranking.order(EXTREMES);
        for (int place = 0; place < order.length; place++) {
            assertEquals(place, Ranking.rank(EXTREMES, order[place]));
        }
    }

    @Test
    void rankLooksAtOneImageOfMany() {
        assertEquals(1, Ranking.rank(new float[] {9, 9, 1, 2, 9}, 2, 2, 0));
    }

    @Test
    void theTopIsTheBeginningOfTheOrder() {
        var random = new Random(3);
        for (int classes : new int[] {1, 2, 63, 64, 65, 100, 1000}) {
            var scores = new float[classes];
            for (int i = 0; i < classes; i++) {
                // Few different scores, so that many are equal.
                scores[i] = random.nextInt(1 + classes / 3) - 10;
            }
            int[] order = Ranking.order(scores);
            assertEquals(classes, order.length);
            for (int count : new int[] {1, 2, 5, 63, 64, 65, 99, 100, 999, 1000, 1001, Integer.MAX_VALUE}) {
                int[] expected = Arrays.copyOf(order, Math.min(count, classes));
                assertArrayEquals(expected, Ranking.top(scores, count), count + " of " + classes);
            }
        }
        assertArrayEquals(new int[] {8, 5}, Ranking.top(EXTREMES, 2));
    }

    @Test
    void theTopHasAtLeastOneClass() {
        assertThrows(IllegalArgumentException.class, () -> Ranking.top(EXTREMES, 0));
        var refused = assertThrows(IllegalArgumentException.class, () -> Ranking.top(EXTREMES, -3));
        assertTrue(refused.getMessage().contains("-3"), refused.getMessage());
    }
}
