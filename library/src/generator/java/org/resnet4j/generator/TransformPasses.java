package org.resnet4j.generator;

/**
 * A writer of the interfaces of the generated transforms. Their parameters are plain values, because the straight-line
 * code reads no objects.
 */
final class TransformPasses {
    private TransformPasses() {}

    static Source write(Source source) {
        source.javadoc("The passes of a transform over vectors of channels, as straight-line code.");
        source.openOffered("interface WinogradPasses");
        source.add("""
                /**
                 * Computes {@code Bᵀ x B} for {@code count} vectors of channels: those of one tile, or one of each tile of a run.
                 *
                 * @param x the input pixels of vector i: {@code pixel} floats apart, rows {@code rowFloats} apart, from
                 *     {@code from + i·step}
                 * @param target receives position j of vector i at {@code to + i·targetStep + j·place}
                 */
                void input(
                        float[] x,
                        int from,
                        int step,
                        int count,
                        int rowFloats,
                        int pixel,
                        float[] target,
                        int to,
                        int targetStep,
                        int place);

                /**
                 * Computes {@code y = max(least, Aᵀ m A + bias (+ y))} for {@code count} vectors of channels, of complete tiles.
                 *
                 * @param m position j of vector i is at {@code from + i·step + j·place}
                 * @param y the output pixels of vector i: {@code pixel} floats apart, rows {@code rowFloats} apart, from
                 *     {@code to + i·targetStep}
                 * @param bias the bias of vector i, from {@code biasAt + i·biasStep}
                 * @param add true to add the previous contents of {@code y}
                 * @param least zero for ReLU, negative infinity for no activation
                 */
                void output(
                        float[] m,
                        int from,
                        int step,
                        int count,
                        int place,
                        float[] y,
                        int to,
                        int targetStep,
                        int rowFloats,
                        int pixel,
                        float[] bias,
                        int biasAt,
                        int biasStep,
                        boolean add,
                        float least);
            """);
        return source.close();
    }

    static Source writeGradient(Source source) {
        source.javadoc("The passes of a transform for the weight gradient, as straight-line code.");
        source.openOffered("interface WinogradGradientPasses");
        source.add("""
                /**
                 * Computes {@code A dy Aᵀ} for {@code count} vectors of channels. Together with the input transform, it gives the
                 * weight gradient, {@code dw = Gᵀ [ Σ (Bᵀ x B) ⊙ (A dy Aᵀ) ] G}, with the sum over all tiles.
                 *
                 * @param dy the output pixels of vector i: {@code pixel} floats apart, rows {@code rowFloats} apart, from
                 *     {@code from + i·step}
                 * @param target receives position j of vector i at {@code to + i·targetStep + j·place}
                 */
                void gradient(
                        float[] dy,
                        int from,
                        int step,
                        int count,
                        int rowFloats,
                        int pixel,
                        float[] target,
                        int to,
                        int targetStep,
                        int place);

                /**
                 * Adds {@code Gᵀ u G} to the weight gradient, for {@code count} vectors of channels.
                 *
                 * @param u position j of vector i is at {@code from + i·LANES + j·place}
                 * @param w the nine weights of vector i: {@code weight} floats apart, from {@code to + i·LANES}
                 */
                void weights(float[] u, int from, int count, int place, float[] w, int to, int weight);
            """);
        return source.close();
    }
}
