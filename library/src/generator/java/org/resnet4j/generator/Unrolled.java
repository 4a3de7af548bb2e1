package org.resnet4j.generator;

import java.util.List;

/** Sums over values that an unrolled loop holds. The order of their operations is part of the results. */
final class Unrolled {
    private Unrolled() {}

    /** Returns the pairwise sum of a power of two of values. */
    static String sum(List<String> values) {
        int half = values.size() / 2;
        return half == 0
                ? values.getFirst()
                : sum(values.subList(0, half)) + ".add(" + sum(values.subList(half, values.size())) + ")";
    }

    /**
     * Returns the sum of the products of left and right values: a chain of fused multiply-adds around the last product.
     */
    static String products(List<String> left, List<String> right) {
        String first = left.getFirst();
        String factor = right.getFirst();
        return left.size() == 1
                ? first + ".mul(" + factor + ")"
                : "fma(" + first + ", " + factor + ", "
                        + products(left.subList(1, left.size()), right.subList(1, right.size())) + ")";
    }
}
