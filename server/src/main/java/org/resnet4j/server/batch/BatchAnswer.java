package org.resnet4j.server.batch;

import java.util.List;
import org.resnet4j.Prediction;

/**
 * The answer to a request.
 *
 * @param predictions one for each of its images
 * @param queuedNanos the time that it waited
 * @param computedNanos the time that its batch was computed
 * @param batch the number of images in its batch
 */
public record BatchAnswer(List<Prediction> predictions, long queuedNanos, long computedNanos, int batch) {
    public BatchAnswer {
        predictions = List.copyOf(predictions);
    }
}
