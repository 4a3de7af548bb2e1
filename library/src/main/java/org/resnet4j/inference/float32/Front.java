package org.resnet4j.inference.float32;

import java.util.HashSet;
import java.util.List;
import org.resnet4j.inference.step.Step;
import org.resnet4j.kernel.ConvolutionShape;

/** The front of a plan: the first steps, which run image by image. */
final class Front {
    /**
     * Steps run image by image while the activations of an image take at least this share of the bytes of the weights.
     */
    private static final double SHARE = 0.25;

    private Front() {}

    /**
     * Returns the number of first steps that run image by image: whole blocks, and never all steps up to the features.
     */
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

    /** Returns true if the later steps read no earlier value than the result of this step. */
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
