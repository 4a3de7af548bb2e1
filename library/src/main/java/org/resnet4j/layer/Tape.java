package org.resnet4j.layer;

import java.util.ArrayDeque;
import java.util.Deque;
import org.resnet4j.tensor.Tensor;

/**
 * What a training step remembers between forward and backward: a stack of tensors. The caller owns it, so memory is
 * visible and used again; layers push in {@code forward} and pop, in reverse, in {@code backward}.
 */
public final class Tape {
    private final Workspace workspace;
    private final Deque<Tensor> saved = new ArrayDeque<>();

    public Tape(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Where the step computes and takes its buffers from. */
    public Workspace workspace() {
        return workspace;
    }

    /** Pushes a tensor. */
    public void save(Tensor tensor) {
        saved.push(tensor);
    }

    /**
     * Pops the tensor that was saved last.
     *
     * @throws java.util.NoSuchElementException if {@code backward} was called without its {@code forward}
     */
    public Tensor restore() {
        return saved.pop();
    }

    /** Whether every tensor that forward saved was taken back by backward. */
    public boolean isEmpty() {
        return saved.isEmpty();
    }
}
