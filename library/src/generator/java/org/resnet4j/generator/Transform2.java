package org.resnet4j.generator;

import java.util.Optional;

/** The description of F(2x2, 3x3). */
final class Transform2 {
    private static final Matrix BT = Matrix.of("""
        1  0 -1  0
        0  1  1  0
        0 -1  1  0
        0  1  0 -1
        """);

    private static final Matrix G = Matrix.of("""
         1    0    0
        0.5  0.5  0.5
        0.5 -0.5  0.5
         0    0    1
        """);

    private static final Matrix AT = Matrix.of("""
        1  1  1  0
        0  1 -1 -1
        """);

    private static final String DOCUMENTATION = """
        The transforms of F(2x2, 3x3) (Lavin and Gray, 2016): 16 multiply-adds for each four outputs and pair of channels
        where direct convolution takes 36. The matrices

        %s

        <p>contain only 0, ±1 and 1/2, so the error is close to that of direct convolution.
        """;

    static final Transform DESCRIPTION = new Transform(
            "VectorTransform2",
            DOCUMENTATION,
            1,
            new Transform.Matrices(BT, G, AT),
            "",
            Schedule.whole(0, 1, 2, 3),
            Schedule.whole(0, 1),
            Optional.empty());

    private Transform2() {}
}
