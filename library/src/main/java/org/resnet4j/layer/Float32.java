package org.resnet4j.layer;

import org.resnet4j.tensor.Tensor;
import org.resnet4j.tensor.Tensor.Format;

/**
 * A tensor in float32, for a computation that has no kernel in bfloat16: the tensor itself, or a converted copy.
 *
 * @param original the tensor
 * @param floats its elements in float32
 */
record Float32(Tensor original, Tensor floats) {
    static Float32 of(Tensor tensor, Workspace workspace) {
        return new Float32(tensor, workspace.in(Format.FLOAT32, tensor));
    }

    float[] array() {
        return floats.array();
    }

    /** Releases the copy, if there is one. */
    void release(Workspace workspace) {
        workspace.releaseUnlessSame(floats, original);
    }

    /** Releases the copy and writes what it holds to the tensor. */
    void writeBack(Workspace workspace) {
        if (original.format() != Format.FLOAT32) {
            workspace.compute().convert(floats, original);
        }
        release(workspace);
    }

    /** Multiplies each image of a tensor by a factor. */
    static void scaleImages(Tensor values, Tensor factors, Workspace workspace) {
        Float32 scaled = of(values, workspace);
        int images = values.shape().extent(0);
        workspace
                .compute()
                .kernels()
                .gate()
                .scale(images, values.size() / images, factors.array(), scaled.array(), workspace.workers());
        scaled.writeBack(workspace);
    }
}
