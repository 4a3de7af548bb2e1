package org.resnet4j.layer;

import java.util.function.UnaryOperator;

/** Gradients by central differences in double precision. */
public final class FiniteDifferences {
    private static final double STEP = 1e-5;

    private FiniteDifferences() {}

    /** Computes the gradient of {@code function(x) · weights} with respect to x. */
    public static double[] gradient(UnaryOperator<double[]> function, double[] x, double[] weights) {
        double[] gradient = new double[x.length];
        double[] moved = x.clone();
        for (int i = 0; i < x.length; i++) {
            moved[i] = x[i] + STEP;
            double[] up = function.apply(moved);
            moved[i] = x[i] - STEP;
            double[] down = function.apply(moved);
            moved[i] = x[i];
            double rise = 0;
            for (int k = 0; k < up.length; k++) {
                rise += (up[k] - down[k]) * weights[k];
            }
            gradient[i] = rise / (2 * STEP);
        }
        return gradient;
    }
}
