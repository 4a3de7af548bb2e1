package org.resnet4j.generator;

import java.util.Optional;

/** The description of F(2x2, 3x3) with stride 2. */
final class TransformStrided {
    private static final Matrix BT = Matrix.of("""
        1  0 -1  0  0
        0  0  1  0  0
        0  0  1  0 -1
        0  1  0  0  0
        0  0  0  1  0
        """);

    private static final Matrix G = Matrix.of("""
        1  0  0
        1  0  1
        0  0  1
        0  1  0
        0  1  0
        """);

    private static final Matrix AT = Matrix.of("""
        1  1  0  1  0
        0  1 -1  0  1
        """);

    private static final String DOCUMENTATION = """
        The transforms of F(2x2, 3x3) with stride 2: 25 multiply-adds for each four outputs and pair of channels where
        direct convolution takes 36.

        <p>In one dimension, two outputs depend on five pixels, {@code y0 = w0·x0 + w1·x1 + w2·x2} and
        {@code y1 = w0·x2 + w1·x3 + w2·x4}. The middle weight needs its two products. The outer weights are a filter of
        two weights on the other pixels, which F(2, 2) computes with three products:

        %s

        <p>The last two rows of G are equal, so positions that differ only in these rows share a matrix of weights.
        """;

    /** The second row of {@code Bᵀ x B} is the middle row of pixels, which the first and the third also need. */
    private static final Schedule INPUT = Schedule.whole(1, 0, 2, 3, 4);

    static final Transform DESCRIPTION = new Transform(
            "VectorTransformStrided",
            DOCUMENTATION,
            2,
            new Transform.Matrices(BT, G, AT),
            "",
            INPUT,
            Schedule.whole(0, 1),
            Optional.empty());

    private TransformStrided() {}
}
