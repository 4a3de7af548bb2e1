package org.resnet4j.inference;

import java.util.HashSet;
import java.util.List;
import org.resnet4j.kernel.ConvolutionShape;

/** Where a plan changes from image by image to all images at once. */
final class Front {
    /** An image is worth its own pass as long as its activations take this share of the weights' bytes. */
    private static final double SHARE = 0.25;

    private Front() {}

    /** How many operations at the beginning run image by image; whole blocks, and never all operations. */
    static int length(List<Operation> operations) {
        int front = 0;
        long weights = 0;
        long activations = 0;
        for (int i = 0; i < operations.size() - 1; i++) {
            Operation operation = operations.get(i);
            weights += operation.weightBytes();
            activations += bytes(operation);
            if (isOnlyValue(operations, i)) {
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

    private static long bytes(Operation operation) {
        ConvolutionShape shape = operation.shape();
        return (long) Float.BYTES * (shape.outputSize() / shape.batch());
    }

    /** Whether the result of an operation is all that the operations behind it read. */
    private static boolean isOnlyValue(List<Operation> operations, int index) {
        int result = operations.get(index).target();
        var known = new HashSet<Integer>();
        known.add(result);
        for (Operation later : operations.subList(index + 1, operations.size())) {
            boolean addsUnknown = later.add() && !known.contains(later.target());
            if (!known.contains(later.source()) || addsUnknown) {
                return false;
            }
            known.add(later.target());
        }
        return true;
    }
}
