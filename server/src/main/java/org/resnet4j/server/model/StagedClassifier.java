package org.resnet4j.server.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.ImageClassifier;
import org.resnet4j.Prediction;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.insight.GradCam;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.tensor.Tensor;

/** A classifier that another one of the same model, which is ready later and faster, takes the place of. Thread-safe. */
final class StagedClassifier implements AutoCloseable {
    private final ResNetSpec spec;
    private final EvaluationTransform transform;
    private final List<String> labels;
    private ImageClassifier current;
    private @Nullable ImageClassifier next;
    private boolean closed;

    /** @param first closed with this object, or when another one takes its place */
    StagedClassifier(ImageClassifier first) {
        spec = first.spec();
        transform = first.transform();
        labels = first.labels();
        current = first;
    }

    ResNetSpec spec() {
        return spec;
    }

    List<String> labels() {
        return labels;
    }

    EvaluationTransform transform() {
        return transform;
    }

    /** Sets the classifier of all later batches. It is closed with this object. */
    synchronized void replace(ImageClassifier faster) {
        if (closed) {
            faster.close();
        } else {
            next = faster;
        }
    }

    /** Returns the predictions for a batch. */
    synchronized List<Prediction> predict(Tensor images) {
        return current().predict(images);
    }

    /** Returns the explanation of an image, {@code [1, H, W, C]}. */
    synchronized GradCam explain(Tensor image) {
        return current().explain(image);
    }

    private ImageClassifier current() {
        ImageClassifier faster = next;
        if (faster != null) {
            current.close();
            current = faster;
            next = null;
        }
        return current;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
        current.close();
        if (next != null) {
            next.close();
        }
    }
}
