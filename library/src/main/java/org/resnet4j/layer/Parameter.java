package org.resnet4j.layer;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.ShapeMismatchException;
import org.resnet4j.tensor.Tensor;

/**
 * A trainable tensor and its gradient. Both are allocated on first use: a network that is only described allocates
 * neither, one that only predicts allocates no gradients.
 */
public final class Parameter {
    /** The kinds of parameters. */
    public enum Role {
        /** The weights of a convolution, {@code [KH, KW, inChannels / groups, outChannels]}. */
        CONVOLUTION_WEIGHT,
        /**
         * The weights of a linear layer, {@code [inFeatures, outFeatures]}, or the same preceded by two axes of length
         * 1.
         */
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
     * @param name the path in the network, as in torchvision: {@code layer1.0.conv1.weight}
     * @param role the kind, which determines the layout in files and whether weight decay applies
     * @param shape the shape of the value and of the gradient
     */
    public Parameter(String name, Role role, Shape shape) {
        this.name = name;
        this.role = role;
        this.shape = shape;
    }

    /**
     * Creates a parameter with a gradient of zeros.
     *
     * @param value the current value, updated in place by the optimizer
     */
    public Parameter(String name, Role role, Tensor value) {
        this(name, role, value.shape());
        this.value = value;
    }

    /**
     * Creates a parameter with a gradient.
     *
     * @param gradient the gradient of the loss by {@code value}
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

    /** Returns the path in the network, as in torchvision: {@code layer1.0.conv1.weight}. */
    public String name() {
        return name;
    }

    /** Returns the kind, which determines the layout in files and whether weight decay applies. */
    public Role role() {
        return role;
    }

    /** Returns the shape of the value and of the gradient. */
    public Shape shape() {
        return shape;
    }

    /**
     * Returns the current value, updated in place by the optimizer. Every call in every thread returns the same tensor.
     */
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
     * Copies the current value. A value that has not been read from its source yet is read, but not kept.
     *
     * @param target the array that receives the elements at its start; may be longer
     */
    public void copyValueTo(float[] target) {
        Consumer<float[]> from = origin; // read before the value, which replaces it
        if (value == null && from != null) {
            from.accept(target);
        } else {
            System.arraycopy(value().array(), 0, target, 0, shape.size());
        }
    }

    /**
     * Replaces the value by one that is read from a source on the first call of {@link #value}. This is for a network
     * that is read once by {@link #copyValueTo} and never trained.
     *
     * @param reader a function that writes the elements to the start of an array
     */
    public synchronized void takeValueFrom(Consumer<float[]> reader) {
        origin = reader;
        value = null;
    }

    /** Replaces the value by that of another parameter, which both then have: what is written to one is in the other. */
    public synchronized void shareValueOf(Parameter other) {
        if (!other.shape().equals(shape)) {
            throw new ShapeMismatchException("value of " + name, shape.toString(), other.shape());
        }
        origin = null;
        value = other.value();
    }

    /**
     * Returns the gradient of the loss by {@link #value}, of the same shape. Layers add to it; the optimizer clears it.
     * It is zeros initially. Every call in every thread returns the same tensor.
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
