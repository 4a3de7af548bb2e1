package org.resnet4j.layer;

import java.util.List;
import org.resnet4j.kernel.LateGradient;
import org.resnet4j.tensor.Tensor;

/**
 * The gradient of the loss by the output of a layer. It is either {@linkplain Ready ready} or {@linkplain Deferred deferred},
 * which saves a pass over memory where the consumer computes it on first read.
 *
 * <p>A gradient has one consumer, which reads it once. The consumer then holds the buffer: it releases the buffer to the
 * workspace or passes it on. Where a sum hands one gradient to two consumers, they {@linkplain Workspace#share share} the buffer.
 */
public sealed interface Gradient {
    /** The first read of a gradient. */
    @FunctionalInterface
    interface FirstRead {
        /**
         * Reads all elements.
         *
         * @param values the elements; undefined until {@code deferred} has computed them
         * @param deferred computes elements; must be called once for each
         */
        void read(float[] values, LateGradient deferred);
    }

    /** Returns a gradient that is ready. */
    static Gradient of(Tensor tensor) {
        return new Ready(tensor);
    }

    /**
     * Reads the gradient for the first time, computing what is deferred on the way.
     *
     * @return the elements, to be read only: another consumer may share the buffer
     */
    Tensor read(FirstRead first, Workspace workspace);

    /**
     * Computes the gradient if it is deferred.
     *
     * @return the elements, to be read only: another consumer may share the buffer
     */
    Tensor read(Workspace workspace);

    /** Releases the gradient without reading it. */
    void discard(Workspace workspace);

    /** Computes the gradient if it is deferred, and returns it in a buffer that the caller alone holds and may write to. */
    default Tensor readForWriting(Workspace workspace) {
        Tensor tensor = read(workspace);
        if (!workspace.isShared(tensor)) {
            return tensor;
        }
        Tensor copy = workspace.acquireCopy(tensor);
        workspace.release(tensor);
        return copy;
    }

    /**
     * A gradient whose elements are computed.
     *
     * @param tensor the elements
     */
    record Ready(Tensor tensor) implements Gradient {
        @Override
        public Tensor read(FirstRead first, Workspace workspace) {
            first.read(tensor.array(), LateGradient.THERE);
            return tensor;
        }

        @Override
        public Tensor read(Workspace workspace) {
            return tensor;
        }

        @Override
        public void discard(Workspace workspace) {
            workspace.release(tensor);
        }
    }

    /**
     * A gradient that its consumer computes on first read. It must be read before any of its operands changes.
     *
     * @param tensor the buffer for the elements
     * @param elements computes them
     * @param operands buffers that the computation reads, which are released afterwards
     */
    record Deferred(Tensor tensor, LateGradient elements, List<Tensor> operands) implements Gradient {
        public Deferred {
            operands = List.copyOf(operands);
        }

        @Override
        public Tensor read(FirstRead first, Workspace workspace) {
            first.read(tensor.array(), elements);
            operands.forEach(workspace::release);
            return tensor;
        }

        @Override
        public Tensor read(Workspace workspace) {
            int channels = tensor.shape().extent(tensor.shape().rank() - 1);
            return read(
                    (values, deferred) -> deferred.computeAll(
                            tensor.size() / channels,
                            channels,
                            workspace.compute().workers()),
                    workspace);
        }

        @Override
        public void discard(Workspace workspace) {
            operands.forEach(workspace::release);
            workspace.release(tensor);
        }
    }
}
