package org.resnet4j.support;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
