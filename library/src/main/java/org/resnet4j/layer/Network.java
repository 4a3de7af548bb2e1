package org.resnet4j.layer;

import java.util.List;
import java.util.Optional;
import org.resnet4j.tensor.Tensor;

/**
 * A whole network, from images to logits. Unlike a {@link Layer}, it does not compute the gradient of the loss by its
 * input, which is not needed.
 */
public interface Network {
    /** Returns the number of classes, which is the length of each row of logits. */
    int classes();

    /**
     * Computes the logits in training. They belong to the network until {@link #backward}.
     *
     * @param images {@code [N, H, W, C]}
     * @return the logits {@code [N, classes]}
     */
    Tensor forward(Tensor images, Tape tape);

    /**
     * Adds to the gradients of all parameters.
     *
     * @param logitsGradient the gradient of the loss with respect to the logits; stays the caller's
     */
    void backward(Tensor logitsGradient, Tape tape);

    /** Computes the logits in evaluation. They belong to the caller, who releases them to the workspace. */
    Tensor predict(Tensor images, Workspace workspace);

    /** Returns all parameters, in the order of torchvision's state dict. */
    List<Parameter> parameters();

    /** Returns all buffers, in the order of torchvision's state dict. */
    List<StateBuffer> buffers();

    /**
     * Returns another network that has the same weights, the same tensors, but gradients and running statistics of its
     * own, so that it can be run at the same time; empty if this network cannot be replicated.
     */
    default Optional<Network> replica() {
        return Optional.empty();
    }
}
