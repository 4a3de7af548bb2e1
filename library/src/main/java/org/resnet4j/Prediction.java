package org.resnet4j;

import java.util.List;

/**
 * Everything a classifier computes for one image, from one pass through the network.
 *
 * @param classes all classes, the most probable first; ties go to the lower index
 * @param logits one for each class, in the order of the labels; not copied
 * @param embedding input of the linear layer: a vector in which similar images are close together; not copied
 * @since 0.1.0
 */
public record Prediction(List<Classification> classes, float[] logits, float[] embedding) {
    public Prediction {
        classes = List.copyOf(classes);
    }
}
