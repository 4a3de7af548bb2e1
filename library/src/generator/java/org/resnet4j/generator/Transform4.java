package org.resnet4j.generator;

import java.util.List;
import java.util.Optional;

/** The description of F(4x4, 3x3). */
final class Transform4 {
    private static final Matrix BT = Matrix.of("""
        ppqq   0    -(pp+qq)    0      1   0
         0   -pqq     -qq       p      1   0
         0    pqq     -qq      -p      1   0
         0   -ppq     -pp       q      1   0
         0    ppq     -pp      -q      1   0
         0   ppqq      0    -(pp+qq)   0   1
        """);

    private static final Matrix G = Matrix.of("""
        k   0   0
        g  gp  gpp
        g -gp  gpp
        h  hq  hqq
        h -hq  hqq
        0   0   1
        """);

    private static final Matrix AT = Matrix.of("""
        1   1    1    1    1   0
        0   p   -p    q   -q   0
        0  pp   pp   qq   qq   0
        0 ppp -ppp  qqq -qqq   1
        """);

    private static final String DOCUMENTATION = """
        The transforms of F(4x4, 3x3): 36 multiply-adds for each sixteen outputs and pair of channels where direct
        convolution takes 144.

        <p>With the points 0, ±p, ±q and infinity

        %s

        <p>with k = 1/(p²q²), g = 1/(2p²(p²-q²)) and h = 1/(2q²(q²-p²)).

        <p>With the usual points 1 and 2, the error is four times that of direct convolution. With p = 3/4 and q = 3/2,
        whose powers are also exact in float32, it is twice as large (root mean square of the error for 256 channels:
        2.6e-6, 1.1e-6 and, direct, 0.6e-6).
        """;

    private static final String FIELDS = """
        private static final float P = 0.75f;
        private static final float PP = P * P;
        private static final float PPP = P * P * P;
        private static final float Q = 1.5f;
        private static final float QQ = Q * Q;
        private static final float QQQ = Q * Q * Q;
        private static final float PP_QQ = PP * QQ;

        private static final double[][] G = {
            {1 / (double) PP_QQ, 0, 0}, row(P, PP, QQ), row(-P, PP, QQ), row(Q, QQ, PP), row(-Q, QQ, PP), {0, 0, 1},
        };

        private static double[] row(double point, double square, double other) {
            double factor = 1 / (2 * square * (square - other));
            return new double[] {factor, factor * point, factor * square};
        }\
        """;

    private static final Schedule INPUT = new Schedule(
            List.of(
                    Part.of("outerRows", "Computes rows 0 and 5 of {@code Bᵀ x B}: the points 0 and infinity.", 0, 5),
                    Part.pair("rowsOfP", "Computes rows 1 and 2 of {@code Bᵀ x B}: the points p and -p.", 1),
                    Part.pair("rowsOfQ", "Computes rows 3 and 4 of {@code Bᵀ x B}: the points q and -q.", 3)),
            List.of(
                    new Constant("p", "P"),
                    new Constant("-p", "-P"),
                    new Constant("q", "Q"),
                    new Constant("-q", "-Q"),
                    new Constant("-pp", "-PP"),
                    new Constant("-qq", "-QQ"),
                    new Constant("ppqq", "PP_QQ"),
                    new Constant("-(pp+qq)", "-PP - QQ")));

    private static final Schedule OUTPUT = new Schedule(
            List.of(
                    Part.of(
                            "evenColumns",
                            "Computes columns 0 and 2 of {@code Aᵀ m A}: the sums over ±p and ±q.",
                            0,
                            2),
                    Part.of("oddColumns", "Computes columns 1 and 3 of {@code Aᵀ m A}: the differences.", 1, 3)),
            List.of(
                    new Constant("p", "P"),
                    new Constant("pp", "PP"),
                    new Constant("ppp", "PPP"),
                    new Constant("q", "Q"),
                    new Constant("qq", "QQ"),
                    new Constant("qqq", "QQQ")));

    private static final Schedule GRADIENT = new Schedule(
            List.of(
                    Part.of(
                            "outerGradients",
                            "Computes rows 0 and 5 of {@code A dy Aᵀ}: the points 0 and infinity.",
                            0,
                            5),
                    Part.pair("gradientsOfP", "Computes rows 1 and 2 of {@code A dy Aᵀ}: the points p and -p.", 1),
                    Part.pair("gradientsOfQ", "Computes rows 3 and 4 of {@code A dy Aᵀ}: the points q and -q.", 3)),
            List.of(
                    new Constant("p", "P"),
                    new Constant("-p", "-P"),
                    new Constant("q", "Q"),
                    new Constant("-q", "-Q"),
                    new Constant("pp", "PP"),
                    new Constant("qq", "QQ")));

    private static final Schedule WEIGHTS = new Schedule(
            List.of(
                    Part.of("firstWeights", "Computes row 0 of {@code Gᵀ u G}.", 0),
                    Part.of("secondWeights", "Computes row 1 of {@code Gᵀ u G}.", 1),
                    Part.of("thirdWeights", "Computes row 2 of {@code Gᵀ u G}.", 2)),
            List.of(
                    new Constant("k", "(float) G[0][0]"),
                    new Constant("g", "(float) G[1][0]"),
                    new Constant("gp", "(float) G[1][1]"),
                    new Constant("gpp", "(float) G[1][2]"),
                    new Constant("h", "(float) G[3][0]"),
                    new Constant("hq", "(float) G[3][1]"),
                    new Constant("hqq", "(float) G[3][2]")));

    static final Transform DESCRIPTION = new Transform(
            "VectorTransform4",
            DOCUMENTATION,
            1,
            new Transform.Matrices(BT, G, AT),
            FIELDS,
            INPUT,
            OUTPUT,
            Optional.of(new Transform.Training(GRADIENT, WEIGHTS)));

    private Transform4() {}
}
