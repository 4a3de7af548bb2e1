package org.resnet4j.server.model;

import java.util.concurrent.CompletableFuture;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.server.batch.BatchAnswer;
import org.resnet4j.server.batch.BatchListener;
import org.resnet4j.server.batch.BatchQueue;
import org.resnet4j.server.batch.BatchSettings;
import org.resnet4j.server.batch.ComputeLane;
import org.resnet4j.server.batch.QueueFullException;
import org.resnet4j.server.telemetry.ModelState;
import org.resnet4j.tensor.Tensor;

/** A model that is ready to answer requests. */
public final class ServedModel implements AutoCloseable {
    private final ModelName name;
    private final StagedClassifier classifier;
    private final String precision;
    private final BatchQueue queue;
    private final int largest;

    /**
     * Serves a classifier.
     *
     * @param classifier closed with this object
     * @param precision the number format that it computes in, for people
     * @param lane computes the batches
     * @param listener learns of each batch
     */
    ServedModel(
            ModelName name,
            StagedClassifier classifier,
            String precision,
            ComputeLane lane,
            BatchSettings batches,
            BatchListener listener) {
        this.name = name;
        this.precision = precision;
        this.classifier = classifier;
        largest = batches.capacity();
        queue = new BatchQueue(lane, batches, classifier::predict, listener);
    }

    public ModelName name() {
        return name;
    }

    public ResNetSpec spec() {
        return classifier.spec();
    }

    public EvaluationTransform transform() {
        return classifier.transform();
    }

    /** Returns the number format that the model computes in. */
    public String precision() {
        return precision;
    }

    /** Returns the model as metrics show it. */
    ModelState state() {
        return new ModelState(
                name.name(), name.version(), classifier.spec().name(), precision, queue.waiting(), largest);
    }

    /** Returns the largest number of images in a request. */
    public int largestRequest() {
        return largest;
    }

    /** Queues images, as {@link BatchQueue#submit}. */
    public CompletableFuture<BatchAnswer> submit(Tensor images, long deadline) throws QueueFullException {
        return queue.submit(images, deadline);
    }

    /** Closes the model. Requests that still wait fail, so the caller ensures that there is none. */
    @Override
    public void close() {
        queue.close();
        classifier.close();
    }
}
