package org.resnet4j.evaluation;

/**
 * The answer of a model for one labeled image.
 *
 * @param index index of the image in its dataset
 * @param truth the class of the image, by the model's numbering
 * @param said the class with the highest score
 * @param confidence the probability of that class
 * @since 0.1.0
 */
public record Judgement(int index, int truth, int said, double confidence) {
    /** Returns the answer for the scores of an image. */
    public static Judgement of(int index, int truth, Scores scores) {
        int said = scores.best();
        return new Judgement(index, truth, said, scores.probability(said));
    }

    /** Returns true if the class with the highest score is that of the image. */
    public boolean isRight() {
        return said == truth;
    }
}
