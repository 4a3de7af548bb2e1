package org.resnet4j.layer;

import org.resnet4j.tensor.Tensor;
import org.resnet4j.tensor.Tensor.Format;

/**
 * The gradient of the loss with respect to the output of a layer. It is either ready or deferred. The consumer computes
 * a deferred gradient on first read, which saves a pass over memory.
 *
 * <p>A gradient has one consumer, which reads it once. The consumer then holds the buffer: it releases the buffer to
 * the workspace or passes it on. If a sum passes one gradient to two consumers, they {@linkplain Workspace#share share}
 * the buffer.
 */
public sealed interface Gradient permits ReadyGradient, DeferredGradient {
    /** Returns a gradient that is ready. */
    static Gradient of(Tensor tensor) {
        return new ReadyGradient(tensor);
    }

    /**
     * Computes the gradient if it is deferred.
     *
     * @return the elements, read-only because another consumer may share the buffer
     */
    Tensor read(Workspace workspace);

    /** Returns this gradient in a format. In another format than its own, it is computed before it is converted. */
    default Gradient in(Format format, Workspace workspace) {
        return format() == format ? this : of(workspace.exchange(read(workspace), format));
    }

    /** Returns the format of the elements. */
    Format format();

    /** Releases the gradient without reading it. */
    void discard(Workspace workspace);

    /**
     * Computes the gradient if it is deferred, and returns it in a buffer that only the caller holds and may write to.
     */
    default Tensor readForWriting(Workspace workspace) {
        Tensor tensor = read(workspace);
        if (!workspace.isShared(tensor)) {
            return tensor;
        }
        Tensor copy = workspace.acquireCopy(tensor);
        workspace.release(tensor);
        return copy;
    }
}
