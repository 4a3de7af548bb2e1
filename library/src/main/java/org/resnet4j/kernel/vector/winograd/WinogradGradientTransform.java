package org.resnet4j.kernel.vector.winograd;

/** A filtering by which the gradient to the weights can be computed as well. */
public interface WinogradGradientTransform extends WinogradTransform {
    /**
     * {@code A dy Aᵀ} for {@code count} vectors of channels: with the input's transform it gives the gradient to the weights,
     * {@code dw = Gᵀ [ Σ (Bᵀ x B) ⊙ (A dy Aᵀ) ] G} with the sum over all tiles.
     *
     * @param dy the output pixels of vector i: {@code pixel} floats apart, rows {@code rowFloats} apart, from
     *     {@code from + i·step}
     * @param target place j of vector i at {@code to + i·targetStep + j·place}
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
     * Adds {@code Gᵀ u G} to the gradient to the weights, for {@code count} vectors of channels.
     *
     * @param u place j of vector i at {@code from + i·LANES + j·place}
     * @param w the nine weights of vector i: {@code weight} floats apart, from {@code to + i·LANES}
     */
    void weights(float[] u, int from, int count, int place, float[] w, int to, int weight);
}
