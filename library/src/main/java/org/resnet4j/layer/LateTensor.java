package org.resnet4j.layer;

import java.util.List;
import org.resnet4j.kernel.LateGradient;
import org.resnet4j.tensor.Tensor;

/**
 * A gradient on its way from a normalisation to the convolution before it, which computes it where it reads it first: one pass
 * over memory fewer.
 *
 * @param tensor where it will stand
 * @param late what computes it
 * @param held what that needs; goes back to the workspace afterwards
 */
public record LateTensor(Tensor tensor, LateGradient late, List<Tensor> held) {
    public LateTensor {
        held = List.copyOf(held);
    }

    /** A gradient that is there already. */
    public static LateTensor of(Tensor tensor) {
        return new LateTensor(tensor, LateGradient.THERE, List.of());
    }

    /** Computes it, for a layer that needs it as a whole. */
    Tensor finish(Workspace workspace) {
        if (!late.equals(LateGradient.THERE)) {
            int channels = tensor.shape().extent(tensor.shape().rank() - 1);
            late.computeAll(tensor.size() / channels, channels, workspace.workers());
        }
        release(workspace);
        return tensor;
    }

    /** Gives back what it was computed from. */
    void release(Workspace workspace) {
        held.forEach(workspace::release);
    }
}
