package org.resnet4j.spark.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.resnet4j.dataset.SkippedSamples;

class SkippedInRunTest {
    private static SkippedSamples skipped(String... examples) {
        return new SkippedSamples(examples.length, List.of(examples));
    }

    @Test
    void theRoundsOfAnEpochAreAddedAndTheLargestEpochCounts() {
        var run = new SkippedInRun();
        assertEquals(skipped(), run.report());
        run.add(true, List.of(skipped("a"), skipped()));
        run.add(false, List.of(skipped(), skipped("b", "c")));
        assertEquals(skipped("a", "b", "c"), run.report());
        run.add(true, List.of(skipped("b"), skipped("a")));
        assertEquals(skipped("a", "b", "c"), run.report());
        run.add(false, List.of(skipped("c", "d")));
        assertEquals(skipped("b", "a", "c", "d"), run.report());
    }

    @Test
    void theNumberOfExamplesIsLimited() {
        List<String> many = Collections.nCopies(SkippedSamples.MAX_EXAMPLES, "x");
        SkippedSamples sum = SkippedInRun.sum(List.of(new SkippedSamples(30, many), new SkippedSamples(25, many)));
        assertEquals(new SkippedSamples(55, many), sum);
    }
}
