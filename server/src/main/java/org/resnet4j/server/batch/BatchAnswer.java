package org.resnet4j.server.batch;

import java.util.List;

/**
 * The answer to a request.
 *
 * @param results one for each of its images
 * @param queuedNanos the time that it waited
 * @param computedNanos the time that its batch was computed
 * @param batch the number of images in its batch
 */
public record BatchAnswer<R>(List<R> results, long queuedNanos, long computedNanos, int batch) {
    public BatchAnswer {
        results = List.copyOf(results);
    }
}
