package org.resnet4j.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class JudgementsTest {
    /** Of class 0 two are right and one is taken for 2; of class 1 both are taken for 2; nothing is of class 2. */
    private static final Judgements FIVE = new Judgements(
            List.of(
                    new Judgement(0, 0, 0, 0.95),
                    new Judgement(1, 0, 0, 0.55),
                    new Judgement(2, 0, 2, 1.0),
                    new Judgement(3, 1, 2, 0.62),
                    new Judgement(4, 1, 2, 0.98)),
            3);

    @Test
    void theMatrixCountsWhatIsSaidOfEachClass() {
        assertEquals(0.4, FIVE.accuracy(), 1e-12);
        assertArrayEquals(new int[][] {{2, 0, 1}, {0, 0, 2}, {0, 0, 0}}, FIVE.matrix());
        assertEquals(List.of(new Judgements.Confusion(1, 2, 2), new Judgements.Confusion(0, 2, 1)), FIVE.confusions());
    }

    @Test
    void classesHaveTheirOwnShares() {
        assertEquals(2.0 / 3, FIVE.of(0).recall(), 1e-12);
        assertEquals(1, FIVE.of(0).precision());
        assertEquals(0, FIVE.of(1).recall());
        assertTrue(Double.isNaN(FIVE.of(1).precision()), "nothing is said to be of it");
        assertTrue(Double.isNaN(FIVE.of(2).recall()), "nothing is of it");
        assertEquals(0, FIVE.of(2).precision());
    }

    @Test
    void mistakesComeWithTheSurestFirst() {
        assertEquals(
                List.of(2, 4, 3), FIVE.mistakes().stream().map(Judgement::index).toList());
    }

    @Test
    void calibrationComparesHowSureWithHowRight() {
        assertEquals(
                List.of(
                        new Judgements.Bin(1, 0.55, 1),
                        new Judgements.Bin(1, 0.62, 0),
                        new Judgements.Bin(3, (0.95 + 1.0 + 0.98) / 3, 1.0 / 3)),
                FIVE.bins());
        double expected = (0.45 + 0.62 + 3 * ((0.95 + 1.0 + 0.98) / 3 - 1.0 / 3)) / 5;
        assertEquals(expected, FIVE.calibrationError(), 1e-12);
    }
}
