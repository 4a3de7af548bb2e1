package org.resnet4j.inference.float32;

import java.util.HashSet;
import java.util.List;
import org.resnet4j.kernel.ConvolutionShape;

/** The place where a plan changes from image by image to all images at once. */
final class Front {
    /** An image is worth its own pass as long as its activations take this share of the weights' bytes. */
    private static final double SHARE = 0.25;

    private Front() {}

    /** Returns how many steps at the beginning run image by image: whole blocks, and never all steps up to the features. */
    static int length(List<Step> steps) {
        int front = 0;
        long weights = 0;
        long activations = 0;
        int images = (int) steps.stream().filter(step -> step.target() >= 0).count();
        for (int i = 0; i < images - 1; i++) {
            Step step = steps.get(i);
            weights += step.weightBytes();
            activations += bytes(step);
            if (isOnlyValue(steps, i)) {
                if (activations < SHARE * weights) {
                    return front;
                }
                front = i + 1;
                weights = 0;
                activations = 0;
            }
        }
        return front;
    }

    private static long bytes(Step step) {
        ConvolutionShape shape = step.shape();
        return (long) Float.BYTES * (shape.outputSize() / shape.batch());
    }

    /** Returns true where the result of a step is all that the steps behind it read. */
    private static boolean isOnlyValue(List<Step> steps, int index) {
        int result = steps.get(index).target();
        var known = new HashSet<Integer>();
        known.add(result);
        for (Step later : steps.subList(index + 1, steps.size())) {
            boolean addsUnknown = later.add() && !known.contains(later.target());
            if (!known.contains(later.source()) || addsUnknown) {
                return false;
            }
            known.add(later.target());
        }
        return true;
    }
}
