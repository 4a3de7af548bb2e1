package org.resnet4j.layer;

import org.resnet4j.kernel.LateGradient;
import org.resnet4j.tensor.Tensor;

/** The first read of a gradient, by a kernel that computes a deferred gradient on the way. */
@FunctionalInterface
interface FirstRead {
    /**
     * Reads all elements.
     *
     * @param values the elements; undefined until {@code deferred} has computed them
     * @param deferred computes elements; must be called once for each
     */
    void read(float[] values, LateGradient deferred);

    /**
     * Reads a gradient for the first time, computing what is deferred on the way.
     *
     * @return the elements, to be read only: another consumer may share the buffer
     */
    static Tensor of(Gradient gradient, FirstRead first, Workspace workspace) {
        return switch (gradient) {
            case ReadyGradient ready -> {
                first.read(ready.tensor().array(), LateGradient.THERE);
                yield ready.tensor();
            }
            case DeferredGradient deferred -> {
                first.read(deferred.tensor().array(), deferred.elements());
                deferred.releaseOperands(workspace);
                yield deferred.tensor();
            }
        };
    }
}
