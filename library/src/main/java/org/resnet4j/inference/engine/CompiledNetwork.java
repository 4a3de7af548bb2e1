package org.resnet4j.inference.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.tensor.Tensor;

/**
 * A network that an engine has compiled. It does not change, and any number of threads may call it at once. The results for an
 * image are the same bits whatever the number of threads and whatever else is in the batch.
 */
public interface CompiledNetwork {
    /**
     * Computes the features of images and, if wanted, the scores of the classes. Checks neither its arguments nor its results:
     * {@link org.resnet4j.graph.Graph} says which images a network takes.
     *
     * @param images {@code [N, H, W, C]}, of any extents that the network can take; left as they are
     * @param features receives the features, {@code [N, features]}; may be longer
     * @param scores receives the scores, {@code [N, classes]}; null where nobody wants them
     */
    void run(Tensor images, float[] features, float @Nullable [] scores);

    /**
     * Computes values of the graph as far as the last one wanted, for features of other layers than the last. Checks neither its
     * arguments nor its results.
     *
     * @param images {@code [N, H, W, C]}, of any extents that the network can take; left as they are
     * @param wanted ids of values {@code [N, H, W, C]} that no pass merges into others, in the order of computation
     * @return the values, the caller's, in the order of the ids
     */
    List<Tensor> values(Tensor images, List<Integer> wanted);

    /** Returns the steps of the computation, for people. */
    List<PlanStep> steps();

    /** Returns the bytes of the buffers that one call of the usual size works in. */
    long bufferBytes();
}
