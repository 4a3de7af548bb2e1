package org.resnet4j.layer;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

/**
 * A tensor that training changes, and its gradient. Both are allocated on first use: a network that is only described has
 * neither, one that only predicts has no gradients.
 */
public final class Parameter {
    /** The kinds of parameters. */
    public enum Role {
        /** A convolution's weights, {@code [KH, KW, inChannels / groups, outChannels]}. */
        CONVOLUTION_WEIGHT,
        /** A linear layer's weights, {@code [inFeatures, outFeatures]}, or the same with two axes of extent 1 before. */
        LINEAR_WEIGHT,
        /** Gamma of a batch normalization, {@code [channels]}. */
        NORM_SCALE,
        /** Beta of a batch normalization, {@code [channels]}. */
        NORM_SHIFT,
        /** An additive bias, {@code [outChannels]}. */
        BIAS
    }

    private final String name;
    private final Role role;
    private final Shape shape;
    private volatile @Nullable Consumer<float[]> origin;
    private volatile @Nullable Tensor value;
    private volatile @Nullable Tensor gradient;

    /**
     * Creates a parameter of zeros with a gradient of zeros.
     *
     * @param name its path in the network, as in torchvision: {@code layer1.0.conv1.weight}
     * @param role its kind, which decides how it is stored in files and whether weight decay applies
     * @param shape of the value and of the gradient
     */
    public Parameter(String name, Role role, Shape shape) {
        this.name = name;
        this.role = role;
        this.shape = shape;
    }

    /**
     * Creates a parameter with a gradient of zeros.
     *
     * @param value the current value, changed in place by the optimizer
     */
    public Parameter(String name, Role role, Tensor value) {
        this(name, role, value.shape());
        this.value = value;
    }

    /**
     * Creates a parameter with a gradient.
     *
     * @param gradient of the loss by {@code value}
     * @throws ShapeMismatchException if the shapes of the two differ
     */
    public Parameter(String name, Role role, Tensor value, Tensor gradient) {
        this(name, role, value);
        if (!gradient.shape().equals(value.shape())) {
            throw new ShapeMismatchException(
                    "gradient of " + name, value.shape().toString(), gradient.shape());
        }
        this.gradient = gradient;
    }

    /** Returns its path in the network, as in torchvision: {@code layer1.0.conv1.weight}. */
    public String name() {
        return name;
    }

    /** Returns its kind, which decides how it is stored in files and whether weight decay applies. */
    public Role role() {
        return role;
    }

    /** Returns the shape of the value and of the gradient. */
    public Shape shape() {
        return shape;
    }

    /** Returns the current value, changed in place by the optimizer: at every call, and in every thread, the same tensor. */
    public Tensor value() {
        Tensor known = value;
        return known != null ? known : newValue();
    }

    private synchronized Tensor newValue() {
        Tensor made = value;
        if (made == null) {
            made = Tensor.zeros(shape);
            Consumer<float[]> from = origin;
            if (from != null) {
                from.accept(made.array());
            }
            value = made;
            origin = null;
        }
        return made;
    }

    /**
     * Copies the current value. A value that is still in its source is read from there and not kept.
     *
     * @param target receives the elements from its start; may be longer
     */
    public void copyValueTo(float[] target) {
        Consumer<float[]> from = origin; // before the value, which replaces it
        if (value == null && from != null) {
            from.accept(target);
        } else {
            System.arraycopy(value().array(), 0, target, 0, shape.size());
        }
    }

    /**
     * Replaces the value by one that stays in its source until {@link #value} reads and keeps it: for a network that is read
     * once by {@link #copyValueTo} and never trained.
     *
     * @param reader writes the elements to the start of an array
     */
    public synchronized void takeValueFrom(Consumer<float[]> reader) {
        origin = reader;
        value = null;
    }

    /**
     * Returns the gradient of the loss by {@link #value}, of its shape: layers add to it, the optimizer clears it. It is zeros at
     * first, and the same tensor at every call and in every thread.
     */
    public Tensor gradient() {
        Tensor known = gradient;
        return known != null ? known : newGradient();
    }

    private synchronized Tensor newGradient() {
        Tensor made = gradient;
        if (made == null) {
            made = Tensor.zeros(shape);
            gradient = made;
        }
        return made;
    }

    @Override
    public String toString() {
        return name + shape;
    }
}
