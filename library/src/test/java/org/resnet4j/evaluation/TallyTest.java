package org.resnet4j.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TallyTest {
    @Test
    void imagesCountByTheRankOfTheirLabel() {
        var scores = new Scores(new float[] {6, 5, 4, 3, 2, 1});
        Tally tally = Tally.EMPTY.plus(scores, 0).plus(scores, 4).plus(scores, 5);
        assertEquals(3, tally.samples());
        assertEquals(1, tally.top1());
        assertEquals(2, tally.top5());
        assertEquals(1.0 / 3, tally.top1Share());
        assertEquals(2.0 / 3, tally.top5Share());
        assertEquals((scores.loss(0) + scores.loss(4) + scores.loss(5)) / 3, tally.loss(), 1e-12);
    }

    @Test
    void nothingHasSharesOfZero() {
        assertEquals(0, Tally.EMPTY.top1Share());
        assertEquals(0, Tally.EMPTY.top5Share());
        assertEquals(0, Tally.EMPTY.loss());
    }

    @Test
    void batchesAreAdded() {
        assertEquals(new Tally(7, 3.5, 2, 5), new Tally(3, 1.5, 1, 2).plus(4, 2, 1, 3));
    }
}
