package org.resnet4j.evaluation;

/**
 * The answer of a model for one labeled image.
 *
 * @param index of the image in its dataset
 * @param truth its class, as the model counts them
 * @param said the class with the best score
 * @param confidence its probability
 */
public record Judgement(int index, int truth, int said, double confidence) {
    /** Returns the answer that scores give. */
    public static Judgement of(int index, int truth, Scores scores) {
        int said = scores.best();
        return new Judgement(index, truth, said, scores.probability(said));
    }

    /** Returns true if the class with the best score is that of the image. */
    public boolean isRight() {
        return said == truth;
    }
}
