package org.resnet4j.layer;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.tensor.Tensor.Format;

/**
 * The memory of a training step between the forward and the backward pass: a stack of tensors. Layers push in
 * {@code forward} and pop, in reverse order, in {@code backward}. The caller owns the tape, so that its memory is
 * visible and can be reused.
 */
public final class Tape {
    enum Mode {
        /** Keeps everything that the backward pass needs. */
        WHOLE,
        /** Keeps only the inputs of residual blocks, whose activations are recomputed. */
        FRUGAL,
        /** Keeps everything while activations are recomputed. */
        REPEATED
    }

    private final Workspace workspace;
    private final Format format;
    private final Mode mode;
    private final Deque<Tensor> saved = new ArrayDeque<>();
    private StepRandom random = StepRandom.seeded(0);

    /** Creates a tape for feature maps in float32 that keeps everything that the backward pass needs. */
    public Tape(Workspace workspace) {
        this(workspace, Format.FLOAT32);
    }

    /** Creates a tape that keeps everything that the backward pass needs. */
    public Tape(Workspace workspace, Format format) {
        this(workspace, format, Mode.WHOLE);
    }

    private Tape(Workspace workspace, Format format, Mode mode) {
        this.workspace = workspace;
        this.format = format;
        this.mode = mode;
    }

    /** Returns a tape for feature maps in float32 that keeps only the inputs of residual blocks. */
    public static Tape frugal(Workspace workspace) {
        return frugal(workspace, Format.FLOAT32);
    }

    /** Returns a tape that keeps only the inputs of residual blocks; {@link Recomputation} restores the rest. */
    public static Tape frugal(Workspace workspace, Format format) {
        return new Tape(workspace, format, Mode.FRUGAL);
    }

    /** Returns a tape for a part of this tape's step. */
    Tape inner(Mode innerMode) {
        var inner = new Tape(workspace, format, innerMode);
        inner.begin(random);
        return inner;
    }

    /** Sets the randomness of the next step. */
    public void begin(StepRandom step) {
        random = step;
    }

    /** Returns the randomness of this step. */
    public StepRandom random() {
        return random;
    }

    /** Returns true if residual blocks should use {@link Recomputation}. */
    public boolean isFrugal() {
        return mode == Mode.FRUGAL;
    }

    /**
     * Returns true while a forward pass is being recomputed; side effects such as running statistics must not be
     * applied again.
     */
    public boolean isRepeated() {
        return mode == Mode.REPEATED;
    }

    /**
     * Returns the format of a feature map of this step: bfloat16 takes an even number of channels. Images and logits are in
     * float32.
     */
    public Format format(Shape map) {
        return map.extent(map.rank() - 1) % 2 == 0 ? format : Format.FLOAT32;
    }

    /** Returns the workspace of the step. */
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
     * @throws java.util.NoSuchElementException if {@code backward} was called without a matching {@code forward}
     */
    public Tensor restore() {
        return saved.pop();
    }

    /** Returns true if {@code backward} has restored every saved tensor. */
    public boolean isEmpty() {
        return saved.isEmpty();
    }

    /** Removes the saved tensors and releases their buffers, except those of a layer's input and output. */
    void releaseAllBut(Tensor input, Tensor output) {
        Set<float[]> released = Collections.newSetFromMap(new IdentityHashMap<>());
        released.add(input.storage());
        released.add(output.storage());
        for (Tensor tensor : saved) {
            if (released.add(tensor.storage())) {
                workspace.release(tensor);
            }
        }
        saved.clear();
    }
}
