package org.resnet4j.layer;

import org.resnet4j.kernel.LateGradient;
import org.resnet4j.tensor.Tensor;

/** The first read of a gradient by a kernel that computes a deferred gradient as it reads. */
@FunctionalInterface
interface FirstRead {
    /**
     * Reads all elements.
     *
     * @param values the elements; undefined until {@code deferred} has computed them
     * @param deferred the computation of elements; must be called exactly once for each
     */
    void read(float[] values, LateGradient deferred);

    /**
     * Reads a gradient for the first time and computes it if it is deferred.
     *
     * @return the elements, read-only because another consumer may share the buffer
     */
    static Tensor of(Gradient gradient, FirstRead first, Workspace workspace) {
        return switch (gradient) {
            case ReadyGradient ready -> {
                first.read(ready.tensor().storage(), LateGradient.THERE);
                yield ready.tensor();
            }
            case DeferredGradient deferred -> {
                first.read(deferred.tensor().storage(), deferred.elements());
                deferred.releaseOperands(workspace);
                yield deferred.tensor();
            }
        };
    }
}
