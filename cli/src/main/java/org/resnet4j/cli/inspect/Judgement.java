package org.resnet4j.cli.inspect;

/**
 * What a model said of one image.
 *
 * @param index of the image in its dataset
 * @param truth its class, as the model counts them
 * @param said the class with the best score
 * @param confidence its probability
 */
record Judgement(int index, int truth, int said, double confidence) {
    boolean isRight() {
        return said == truth;
    }
}
