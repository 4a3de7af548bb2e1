package org.resnet4j.tensor;

/**
 * Thrown if a network computes NaN or an infinite value for an image. Names the network, the image and the value.
 * Either the weights contain such values, or the image drives the network out of the range of float.
 *
 * @since 0.1.0
 */
public final class NonFiniteScoresException extends ArithmeticException {
    private static final long serialVersionUID = 1L;

    private final String network;
    private final String value;
    private final int row;

    private NonFiniteScoresException(String network, String value, int row, String image) {
        super("the scores of " + network + " for " + image + " are not finite (" + value
                + "): its weights are damaged, or too large for float32");
        this.network = network;
        this.value = value;
        this.row = row;
    }

    /**
     * Checks the values that a network computed for a batch of images.
     *
     * @param network the name of the network
     * @param kind the kind of the values: {@code "score"}
     * @param rows the number of images in the batch
     * @param values the values of one image after another; elements beyond the last image are ignored
     * @param length the number of values of an image
     * @throws NonFiniteScoresException for the first image with a value that is not finite
     */
    public static void check(String network, String kind, int rows, float[] values, int length) {
        for (int i = 0; i < rows * length; i++) {
            if (!Float.isFinite(values[i])) {
                String value = kind + " " + i % length + " is " + values[i];
                throw new NonFiniteScoresException(network, value, i / length, image(i / length));
            }
        }
    }

    private static String image(int row) {
        return "image " + row + " of the batch";
    }

    /** Returns this exception with the file name of the image. */
    public NonFiniteScoresException of(String image) {
        return causedBy(new NonFiniteScoresException(network, value, row, image));
    }

    /** Returns this exception for a larger batch, in which the computed one starts at row {@code first}. */
    public NonFiniteScoresException from(int first) {
        return causedBy(new NonFiniteScoresException(network, value, first + row, image(first + row)));
    }

    private NonFiniteScoresException causedBy(NonFiniteScoresException other) {
        other.initCause(this);
        return other;
    }

    /** Returns the row of the image in its batch, from 0. */
    public int row() {
        return row;
    }
}
