package org.resnet4j.evaluation;

/**
 * The answer of a model for one labeled image.
 *
 * @param index index of the image in its dataset
 * @param truth class of the image, by the model's index
 * @param said class with the best score
 * @param confidence probability of that class
 */
public record Judgement(int index, int truth, int said, double confidence) {
    /** Returns the answer for an image from its scores. */
    public static Judgement of(int index, int truth, Scores scores) {
        int said = scores.best();
        return new Judgement(index, truth, said, scores.probability(said));
    }

    /** Returns true if the class with the best score is that of the image. */
    public boolean isRight() {
        return said == truth;
    }
}
