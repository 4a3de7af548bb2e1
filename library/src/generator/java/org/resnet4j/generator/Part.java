package org.resnet4j.generator;

import java.util.Arrays;
import java.util.List;

/**
 * A part of a transform whose values fit in the registers. It becomes a method.
 *
 * @param method the name of the method
 * @param documentation its javadoc
 * @param lines the rows, or for an output the columns, that it computes, in this order
 * @param isPair true if the lines are two rows of points of opposite sign, which are computed together
 */
record Part(String method, String documentation, List<Integer> lines, boolean isPair) {
    static Part of(String method, String documentation, Integer... lines) {
        return new Part(method, documentation, Arrays.asList(lines), false);
    }

    static Part pair(String method, String documentation, int first) {
        return new Part(method, documentation, List.of(first, first + 1), true);
    }
}
