package org.resnet4j.dataset;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Images that were skipped because they could not be read.
 *
 * @param count the number of different images
 * @param examples the errors of the first {@value #MAX_EXAMPLES} of them; each names the image and the reason
 * @since 0.1.0
 */
public record SkippedSamples(int count, List<String> examples) implements Serializable {
    /** No image. */
    public static final SkippedSamples NONE = new SkippedSamples(0, List.of());

    /** The maximum number of examples. */
    public static final int MAX_EXAMPLES = 20;

    public SkippedSamples {
        examples = List.copyOf(examples);
    }

    /** Returns these images and others. */
    public SkippedSamples plus(SkippedSamples others) {
        var both = new ArrayList<>(examples);
        both.addAll(others.examples);
        return new SkippedSamples(count + others.count, both.subList(0, Math.min(both.size(), MAX_EXAMPLES)));
    }

    /**
     * Rejects a dataset with such images, for a run that must not skip any.
     *
     * @throws InvalidDatasetException if there is one
     */
    public void requireNone() throws InvalidDatasetException {
        if (count > 0) {
            throw new InvalidDatasetException(
                    examples.isEmpty() ? "the dataset" : examples.getFirst(),
                    "pictures that cannot be read are not allowed in this run");
        }
    }
}
