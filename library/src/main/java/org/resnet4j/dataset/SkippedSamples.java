package org.resnet4j.dataset;

import java.io.Serializable;
import java.util.List;

/**
 * Images that were skipped because they could not be read.
 *
 * @param count the number of different images
 * @param examples the errors of the first {@value #MAX_EXAMPLES} of them; each names the image and the reason
 * @since 0.1.0
 */
public record SkippedSamples(int count, List<String> examples) implements Serializable {
    /** The maximum number of examples. */
    public static final int MAX_EXAMPLES = 20;

    public SkippedSamples {
        examples = List.copyOf(examples);
    }
}
