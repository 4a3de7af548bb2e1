package org.resnet4j.layer;

import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.Activation;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

/** The computation of {@code activation(factor · x + summand + residual)} for each channel, in one pass over memory. */
final class AffinePass {
    private AffinePass() {}

    /** Rejects a residual whose shape differs from that of the sum. */
    static void checkResidual(String name, Shape sum, @Nullable Tensor residual) {
        if (residual != null && !residual.shape().equals(sum)) {
            throw new ShapeMismatchException("shortcut added at " + name, sum.toString(), residual.shape());
        }
    }

    /**
     * Computes the pass.
     *
     * @param affine the factors, then the summands, {@code [2, channels]}
     */
    static void apply(
            Tensor input,
            Tensor affine,
            @Nullable Tensor residual,
            Activation activation,
            Tensor output,
            Workspace workspace) {
        int channels = affine.shape().extent(1);
        workspace
                .kernels(input)
                .normalization()
                .apply(
                        input.size() / channels,
                        channels,
                        input.storage(),
                        affine.array(),
                        residual == null ? null : residual.storage(),
                        activation,
                        output.storage(),
                        workspace.workers());
    }
}
