package org.resnet4j.dataset.loader;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.resnet4j.dataset.SkippedSamples;

/** The list of skipped samples; a sample that fails in every epoch counts once. Guarded by the loader's lock. */
final class SkipList {
    private final BitSet samples = new BitSet();
    private final List<String> examples = new ArrayList<>();

    void add(int sample, String origin, Throwable failure) {
        if (samples.get(sample)) {
            return;
        }
        samples.set(sample);
        if (examples.size() < SkippedSamples.MAX_EXAMPLES) {
            String message = String.valueOf(failure.getMessage());
            examples.add(message.contains(origin) ? message : origin + ": " + message);
        }
    }

    SkippedSamples report() {
        return new SkippedSamples(samples.cardinality(), examples);
    }
}
