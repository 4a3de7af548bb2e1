package org.resnet4j.tensor;

/**
 * A network computed NaN or an infinite value for an image: names the network, the image and the value. No class can be
 * told from such scores. Either the weights hold such values, or the image drives the network out of the range of float.
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
     * Checks what a network computed for a batch of images.
     *
     * @param network its name
     * @param kind of the values: {@code "score"}
     * @param rows images in the batch
     * @param values of one image after the other; what follows them is not looked at
     * @param length values of an image
     * @throws NonFiniteScoresException for the first image that has a value that is not finite
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

    /** Returns the same with the name of the image, as a file has it. */
    public NonFiniteScoresException of(String image) {
        return causedBy(new NonFiniteScoresException(network, value, row, image));
    }

    /** Returns the same for a batch of which the computed one is a part that begins at a row. */
    public NonFiniteScoresException from(int first) {
        return causedBy(new NonFiniteScoresException(network, value, first + row, image(first + row)));
    }

    private NonFiniteScoresException causedBy(NonFiniteScoresException other) {
        other.initCause(this);
        return other;
    }

    /** The row of the image in its batch, counted from 0. */
    public int row() {
        return row;
    }
}
