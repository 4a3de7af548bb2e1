package org.resnet4j.kernel;

/** The function that follows a convolution, a normalization or a sum. */
public enum Activation {
    /** The identity. */
    NONE,
    /** {@code max(0, ·)}. */
    RELU;

    /** Returns ReLU or none. */
    public static Activation relu(boolean follows) {
        return follows ? RELU : NONE;
    }

    /** Returns true for ReLU. */
    public boolean isRelu() {
        return this == RELU;
    }
}
