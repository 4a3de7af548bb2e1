package org.resnet4j.model;

import java.util.List;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.resnet.ResNet;

/**
 * A network with everything needed to use it.
 *
 * @param network network with its weights
 * @param labels name of each class, in the order of the scores
 * @param transform preprocessing of an image for the network
 * @since 0.1.0
 */
public record Model(ResNet network, List<String> labels, EvaluationTransform transform) {
    /** Checks that the three parts fit each other. */
    public Model {
        labels = List.copyOf(labels);
        if (labels.size() != network.classes()) {
            throw new IllegalArgumentException(
                    "a network of " + network.classes() + " classes needs as many labels, got " + labels.size());
        }
        int channels = transform.normalization().channels();
        if (channels != network.spec().inChannels()) {
            throw new IllegalArgumentException("a network for images of "
                    + network.spec().inChannels() + " channels cannot take images of " + channels);
        }
    }

    /**
     * Returns false if the weights are those of an encoder without a classifier: the embedding is valid, logits and
     * classes are not.
     */
    public boolean hasClassifier() {
        return !labels.equals(EncoderFile.LABELS);
    }
}
