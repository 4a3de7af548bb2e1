package org.resnet4j.inference.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.tensor.Tensor;

/**
 * A network compiled by an engine. It is immutable, and any number of threads may call it at once. The results for an
 * image have the same bits for any number of threads and whatever other images are in the batch.
 */
public interface CompiledNetwork {
    /**
     * Computes the features of images and, if requested, the logits. Checks neither arguments nor results;
     * {@link org.resnet4j.graph.Graph} determines the images that a network accepts.
     *
     * @param images {@code [N, H, W, C]}, of any extents that the network accepts; not modified
     * @param features the array that receives the features, {@code [N, features]}; may be longer
     * @param scores the array that receives the logits, {@code [N, classes]}; null if they are not requested
     */
    void run(Tensor images, float[] features, float @Nullable [] scores);

    /**
     * Computes values of the graph, up to the last one requested, for features of other layers than the last. Checks
     * neither arguments nor results.
     *
     * @param images {@code [N, H, W, C]}, of any extents that the network accepts; not modified
     * @param wanted the ids of the requested values {@code [N, H, W, C]} in the order of computation; no pass may have
     *     removed them
     * @return the values, the caller's, in the order of the ids
     */
    List<Tensor> values(Tensor images, List<Integer> wanted);

    /** Returns the steps of the computation, for display. */
    List<PlanStep> steps();

    /** Returns the size in bytes of the buffers that one call of the usual size uses. */
    long bufferBytes();
}
