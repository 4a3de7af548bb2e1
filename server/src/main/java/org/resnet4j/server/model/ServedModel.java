package org.resnet4j.server.model;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.resnet4j.Prediction;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.insight.GradCam;
import org.resnet4j.insight.NetworkDrawing;
import org.resnet4j.resnet.ResNet;
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
    /** The number of images whose explanation may wait. Each is computed alone. */
    private static final BatchSettings ONE_BY_ONE = new BatchSettings(1, Duration.ZERO, 16);

    private final ModelName name;
    private final Precision precision;
    private final long bytes;
    private final Runnable whenClosed;
    private final StagedClassifier classifier;
    private final BatchQueue<Prediction> queue;
    private final BatchQueue<GradCam> explanations;
    private final String lastBlock;
    private final int largest;
    private final ImageArrays arrays;
    private @Nullable String drawing;

    /**
     * Serves a classifier.
     *
     * @param precision the number format of the classifier
     * @param bytes the memory of weights and buffers, about
     * @param classifier closed with this object
     * @param lane computes the batches
     * @param listener learns of each batch
     * @param whenClosed runs at the end
     */
    ServedModel(
            ModelName name,
            Precision precision,
            long bytes,
            StagedClassifier classifier,
            ComputeLane lane,
            BatchSettings batches,
            BatchListener listener,
            Runnable whenClosed) {
        this.name = name;
        this.precision = precision;
        this.bytes = bytes;
        this.whenClosed = whenClosed;
        this.classifier = classifier;
        largest = batches.capacity();
        arrays = new ImageArrays(classifier.transform().inputLength(), largest);
        lastBlock = ResNet.undrawn(classifier.spec()).blocks().getLast().name();
        queue = new BatchQueue<>(lane, batches, classifier::predict, listener);
        explanations = new BatchQueue<>(lane, ONE_BY_ONE, image -> List.of(classifier.explain(image)), (_, _) -> {});
    }

    public ModelName name() {
        return name;
    }

    public Precision precision() {
        return precision;
    }

    /** Returns the bytes of its weights and buffers, about, which were known before it was loaded. */
    public long bytes() {
        return bytes;
    }

    public ResNetSpec spec() {
        return classifier.spec();
    }

    /** Returns the name of each class, in the order of the scores. */
    public List<String> labels() {
        return classifier.labels();
    }

    public EvaluationTransform transform() {
        return classifier.transform();
    }

    /** Returns the model as metrics show it. */
    ModelState state() {
        return new ModelState(
                name.name(),
                name.version(),
                classifier.spec().name(),
                precision.text(),
                queue.waiting(),
                largest,
                bytes);
    }

    /** Returns the path of the last block, whose features heat maps show. */
    public String lastBlock() {
        return lastBlock;
    }

    /** Returns a drawing of the network as SVG, with a mark around {@link #lastBlock}. */
    public synchronized String drawing() {
        String known = drawing;
        if (known == null) {
            known = NetworkDrawing.ofNetwork(ResNet.undrawn(spec()), transform().inputSize(), lastBlock);
            drawing = known;
        }
        return known;
    }

    /** Returns the largest number of images in a request. */
    public int largestRequest() {
        return largest;
    }

    /** Returns the arrays for single images. */
    public ImageArrays arrays() {
        return arrays;
    }

    /**
     * Checks that the queue has room, so that a request need not be read in vain.
     *
     * @throws QueueFullException if it has none
     */
    public void requireRoom() throws QueueFullException {
        queue.requireRoom();
    }

    /** Queues images, as {@link BatchQueue#submit}. */
    public CompletableFuture<BatchAnswer<Prediction>> submit(Tensor images, long deadline) throws QueueFullException {
        return queue.submit(images, deadline);
    }

    /**
     * Queues an image to be explained, as {@link BatchQueue#submit}. Explanations have a queue of their own, so that they
     * take turns with the batches of predictions.
     *
     * @param image {@code [1, H, W, C]}
     */
    public CompletableFuture<BatchAnswer<GradCam>> explain(Tensor image, long deadline) throws QueueFullException {
        return explanations.submit(image, deadline);
    }

    /** Closes the model. Requests that still wait fail, so the caller ensures that there is none. */
    @Override
    public void close() {
        queue.close();
        explanations.close();
        classifier.close();
        whenClosed.run();
    }
}
