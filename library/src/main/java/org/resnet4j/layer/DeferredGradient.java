package org.resnet4j.layer;

import java.util.List;
import org.resnet4j.kernel.LateGradient;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.tensor.Tensor.Format;

/**
 * A gradient that its consumer computes on first read. It must be read before any of its operands changes.
 *
 * @param tensor the buffer for the elements
 * @param elements the computation of the elements
 * @param operands the buffers that the computation reads, released after it
 */
record DeferredGradient(Tensor tensor, LateGradient elements, List<Tensor> operands) implements Gradient {
    DeferredGradient {
        operands = List.copyOf(operands);
    }

    @Override
    public Tensor read(Workspace workspace) {
        int channels = tensor.shape().extent(tensor.shape().rank() - 1);
        elements.computeAll(
                tensor.size() / channels, channels, workspace.compute().workers());
        releaseOperands(workspace);
        return tensor;
    }

    void releaseOperands(Workspace workspace) {
        operands.forEach(workspace::release);
    }

    @Override
    public Format format() {
        return tensor.format();
    }

    @Override
    public void discard(Workspace workspace) {
        releaseOperands(workspace);
        workspace.release(tensor);
    }
}
