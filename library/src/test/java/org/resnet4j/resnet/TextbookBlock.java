package org.resnet4j.resnet;

import org.resnet4j.resnet.TextbookLayers.Relu;
import org.resnet4j.resnet.TextbookLayers.Step;

/**
 * The residual block of the first paper as its formulas have it, {@code y = relu(F(x) + S(x))}, on arrays
 * {@code [image][row][column][channel]}. docs/residual-networks.md explains it line by line.
 */
final class TextbookBlock implements Step {
    private final Step branch;
    private final Step shortcut;
    private final Relu relu = new Relu();

    /**
     * @param branch F: convolution, normalization, ReLU, convolution, normalization
     * @param shortcut S: identity, padding or projection
     */
    TextbookBlock(Step branch, Step shortcut) {
        this.branch = branch;
        this.shortcut = shortcut;
    }

    @Override
    public double[][][][] forward(double[][][][] x) {
        double[][][][] f = branch.forward(x); // F(x)
        double[][][][] s = shortcut.forward(x); // S(x)
        return relu.forward(sum(f, s)); // y = relu(F(x) + S(x))
    }

    @Override
    public double[][][][] backward(double[][][][] dy) {
        double[][][][] d = relu.backward(dy); // gradient with respect to f + s
        double[][][][] f = branch.backward(d); // F'(d)
        double[][][][] s = shortcut.backward(d); // S'(d); for the identity, d itself
        return sum(f, s); // dx = F'(d) + S'(d)
    }

    private static double[][][][] sum(double[][][][] a, double[][][][] b) {
        double[][][][] sum = TextbookLayers.zeros(a);
        TextbookLayers.everywhere(a, (n, i, j, c) -> sum[n][i][j][c] = a[n][i][j][c] + b[n][i][j][c]);
        return sum;
    }
}
