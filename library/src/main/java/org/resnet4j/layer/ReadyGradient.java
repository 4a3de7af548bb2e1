package org.resnet4j.layer;

import org.resnet4j.tensor.Tensor;
import org.resnet4j.tensor.Tensor.Format;

/**
 * A gradient whose elements have been computed.
 *
 * @param tensor the elements
 */
record ReadyGradient(Tensor tensor) implements Gradient {
    @Override
    public Tensor read(Workspace workspace) {
        return tensor;
    }

    @Override
    public Format format() {
        return tensor.format();
    }

    @Override
    public void discard(Workspace workspace) {
        workspace.release(tensor);
    }
}
