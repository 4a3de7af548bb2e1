package org.resnet4j.spark.training;

import java.util.ArrayList;
import java.util.List;
import org.resnet4j.dataset.SkippedSamples;

/**
 * The training pictures that could not be read. Tasks report those of a round. An epoch meets each picture once, so the
 * reports of its rounds are added; the next epoch meets them again, so of the epochs the largest sum counts.
 */
final class SkippedInRun {
    private SkippedSamples largest = new SkippedSamples(0, List.of());
    private SkippedSamples epoch = largest;

    /**
     * Adds the reports of a round.
     *
     * @param beginsEpoch true for the first round of an epoch
     */
    void add(boolean beginsEpoch, List<SkippedSamples> reports) {
        SkippedSamples round = sum(reports);
        epoch = beginsEpoch ? round : sum(List.of(epoch, round));
        if (epoch.count() > largest.count()) {
            largest = epoch;
        }
    }

    /** Returns the report of the run. */
    SkippedSamples report() {
        return largest;
    }

    /** Adds reports of different pictures. */
    static SkippedSamples sum(List<SkippedSamples> reports) {
        int count = 0;
        var examples = new ArrayList<String>();
        for (SkippedSamples report : reports) {
            count += report.count();
            examples.addAll(report.examples());
        }
        return new SkippedSamples(count, examples.subList(0, Math.min(examples.size(), SkippedSamples.MAX_EXAMPLES)));
    }
}
