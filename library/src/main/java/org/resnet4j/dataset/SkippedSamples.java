package org.resnet4j.dataset;

import java.util.List;

/**
 * Images that could not be read and were skipped.
 *
 * @param count how many different images
 * @param examples what was wrong with the first {@value #MAX_EXAMPLES} of them; each names the image and the reason
 */
public record SkippedSamples(int count, List<String> examples) {
    /** How many are named. */
    public static final int MAX_EXAMPLES = 20;

    public SkippedSamples {
        examples = List.copyOf(examples);
    }
}
