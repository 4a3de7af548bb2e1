package org.resnet4j;

import java.util.List;

/**
 * All that a classifier says of one image, from one pass through the network.
 *
 * @param classes all of them, the most probable first; of equal ones the lower index
 * @param logits the raw scores, one for each class in the order of the labels; not copied
 * @param embedding what the linear layer saw: a vector in which similar images are near each other; not copied
 * @since 0.1.0
 */
public record Prediction(List<Classification> classes, float[] logits, float[] embedding) {
    public Prediction {
        classes = List.copyOf(classes);
    }
}
